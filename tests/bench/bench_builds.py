# SPDX-License-Identifier: Apache-2.0
"""The builds that are measured: ours, and the one of another revision beside it."""
import os
import shutil
import subprocess
import sys

from bench_processes import BenchError

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PRODUCT = ("plivo-diald", "plivo-dialctl", "mod_plivo_dial")


class Build:
    """A build directory, and what it is called in the tables."""

    def __init__(self, name, directory, revision, source=ROOT):
        self.name = name
        self.revision = revision
        self.directory = directory
        self.source = source
        self.module = os.path.join(directory, "mod_plivo_dial", "mod_plivo_dial.so")
        self.diald = os.path.join(directory, "mod_plivo_dial", "diald", "plivo-diald")
        self.ctl = os.path.join(directory, "mod_plivo_dial", "ctl", "plivo-dialctl")

    def tool(self, name):
        return os.path.join(self.directory, "tests", "bench", name)

    def make(self, targets, options, jobs):
        """Configures the build where that is to be done, and builds."""
        if not os.path.exists(os.path.join(self.directory, "CMakeCache.txt")):
            launchers = []
            if shutil.which("ccache"):
                launchers = ["-DCMAKE_%s_COMPILER_LAUNCHER=ccache" % language for language in ("C", "CXX")]
            call(["cmake", "-S", self.source, "-B", self.directory, "-G", "Ninja",
                  "-DCMAKE_BUILD_TYPE=Release"] + launchers + options)
        call(["cmake", "--build", self.directory, "-j", str(jobs), "--target"] + list(targets))


def call(command):
    """Runs it with its words on our standard error, so that tables alone are on the output."""
    print("==> " + " ".join(command), file=sys.stderr)
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode != 0:
        raise BenchError("failed: " + " ".join(command))


def git(*words):
    done = subprocess.run(["git", "-C", ROOT] + list(words), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BenchError("git %s: %s" % (" ".join(words), done.stderr.strip()))
    return done.stdout.strip()


def revision_of_ours():
    """The revision, with a `+` where files differ from it."""
    try:
        return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain") else "")
    except BenchError:
        return "this"


def make_ours(directory, tools, jobs, builds):
    """Without `directory` one in build/bench; what is there is measured as it is without `builds`."""
    directory = os.path.abspath(directory or os.path.join(ROOT, "build", "bench"))
    build = Build("ours", directory, revision_of_ours())
    if builds:
        build.make(PRODUCT + tools, ["-DPLIVO_DIAL_TEST_KINDS=bench"], jobs)
    return build


def make_other(revision, work, jobs):
    """The build of `revision`, from sources in `work`; or `revision` itself, a build directory."""
    if os.path.exists(os.path.join(revision, "CMakeCache.txt")):
        return Build("against", os.path.abspath(revision), revision, "")
    commit = git("rev-parse", "--verify", "--end-of-options", revision + "^{commit}")
    source = os.path.join(work, "source")
    # So that it finds what an earlier run has compiled in another directory.
    os.environ.update(CCACHE_BASEDIR=work, CCACHE_NOHASHDIR="1",
                      CCACHE_SLOPPINESS="pch_defines,time_macros")
    git("worktree", "add", "--detach", source, commit)
    build = Build("against", os.path.join(work, "build"), commit[:10], source)
    try:
        build.make(PRODUCT, ["-DPLIVO_DIAL_TESTS=OFF"], jobs)
    except BaseException:
        remove_other(build)
        raise
    return build


def remove_other(build):
    """Takes the sources of make_other() away; the build goes with the directory it is in."""
    if build and build.source:
        git("worktree", "remove", "--force", build.source)
