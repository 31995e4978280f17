// File: tests/fault/soak_world.h
//
// What outlives the servers of a soak: the spool, the sinks and their programs, and the clocks.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

#include "tests/fault/set_clock.h"
#include "tests/httpd/plivo_server.h"
#include "tests/httpd/server_root.h"

namespace plivo_dial::test {

inline constexpr int kChildren = 4;

class World {
 public:
  World() {
    const char* const wanted = std::getenv("TMPDIR");
    root_ = std::string(wanted == nullptr ? "/tmp" : wanted) + "/plivo-soak-XXXXXX";
    if (mkdtemp(root_.data()) == nullptr) throw std::runtime_error("mkdtemp " + root_);
    chmod(root_.c_str(), 0755);
    for (const char* name : {"/bin", "/spool", "/out"})
      std::filesystem::create_directory(path(name));
    chmod(path("/spool").c_str(), 0750);
    install("/bin/attempt_log", ATTEMPT_LOG_FILE);
    install("/bin/stream_log", STREAM_LOG_FILE);
    install("/bin/clock_shim.so", CLOCK_SHIM_FILE);
    install("/bin/plivo-diald", PLIVO_DIALD_PROGRAM);
    write_dispatcher();
    write_hook();
    clock_ = std::make_unique<SetClock>(path("/clock"));
  }
  ~World() {
    if (std::getenv("PLIVO_DIAL_TEST_KEEP") == nullptr) std::filesystem::remove_all(root_);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  std::string path(const std::string& name) const { return root_ + name; }
  SetClock& clock() { return *clock_; }

  void give_to(const ServerUser& user) const {
    for (const char* name : {"/spool", "/out"}) {
      if (geteuid() == 0 && chown(path(name).c_str(), user.uid, user.gid) != 0) {
        throw std::runtime_error("chown " + path(name));
      }
    }
  }

  // Puts another file in the place of the one before, as a package's upgrade does.
  void write_dispatcher() const {
    replace("/bin/dispatcher", "#!/bin/sh\nexport PLIVO_FAULT_CLOCK=" + path("/clock") +
                                   "\nLD_PRELOAD=" + path("/bin/clock_shim.so") + " exec " +
                                   path("/bin/plivo-diald") + " \"$@\"\n");
  }
  void write_hook() const {
    replace("/bin/hook", "#!/bin/sh\n[ ! -e " + path("/out/broken") + " ] || exit 1\nexec " +
                             path("/bin/attempt_log") + " " + path("/out/attempts") + "\n");
  }
  void break_hook() const { std::ofstream(path("/out/broken")) << "x"; }
  void mend_hook() const { std::filesystem::remove(path("/out/broken")); }

  // A child of prefork serves one connection: one that is kept and idle would keep others waiting.
  std::string configuration(Mpm mpm) const {
    const std::string children = mpm == Mpm::kPrefork
                                     ? "StartServers 12\nMinSpareServers 4\nKeepAlive Off\n"
                                     : "StartServers " + std::to_string(kChildren) + "\n";
    return "PlivoSpool \"" + path("/spool") + "\" minFree=0\nPlivoDispatcher On \"" +
           path("/bin/dispatcher") + "\"\nPlivoEventSink file \"file:" + path("/out/events") +
           "\"\nPlivoEventSink stream \"stream:" + path("/bin/stream_log") + " " +
           path("/out/stream") + "\"\nPlivoEventSink crm \"exec:" + path("/bin/hook") +
           "\" events=dial.result\n" + std::string(kShortConfiguration) + children +
           "MaxConnectionsPerChild 200\n";
  }

 private:
  void install(const std::string& name, const std::string& from) const {
    std::filesystem::copy_file(from, path(name));
    chmod(path(name).c_str(), 0755);
  }
  void replace(const std::string& name, const std::string& text) const {
    const std::string next = path(name) + ".next";
    std::ofstream(next) << text;
    chmod(next.c_str(), 0755);
    std::filesystem::rename(next, path(name));
  }

  std::string root_;
  std::unique_ptr<SetClock> clock_;
};

}  // namespace plivo_dial::test
