// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/server_root.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "lib/access/file_access.h"
#include "lib/spool/spool_directory.h"

namespace plivo_dial::test {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

ServerUser describe(const passwd& entry) {
  const group* its_group = getgrgid(entry.pw_gid);
  return {entry.pw_name, its_group != nullptr ? its_group->gr_name : "nogroup", entry.pw_uid,
          entry.pw_gid};
}

ServerUser find_server_user(bool as_root, bool ordinary_user) {
  if (!as_root && !ordinary_user) {
    if (const passwd* own = getpwuid(geteuid())) return describe(*own);
  }
  // Debian's name for it, Fedora's, and the one that every system has.
  for (const char* name : {"www-data", "apache", "nobody"}) {
    if (ordinary_user && std::string_view(name) != "nobody") continue;
    if (const passwd* entry = getpwnam(name)) return describe(*entry);
  }
  throw std::runtime_error("this machine has none of the users www-data, apache, nobody");
}

// Numbers small enough for a laptop; ServerLimit leaves room for the children of former
// generations that still hold an idle connection.
std::string_view mpm_limits(Mpm mpm) {
  if (mpm == Mpm::kPrefork) {
    return "StartServers 4\nMinSpareServers 4\nMaxSpareServers 16\nServerLimit 128\n"
           "MaxRequestWorkers 64\n";
  }
  return "StartServers 2\nMinSpareThreads 8\nMaxSpareThreads 64\nThreadsPerChild 8\n"
         "ServerLimit 64\nMaxRequestWorkers 64\n";
}

std::string load_module(std::string_view name) {
  return "LoadModule " + std::string(name) + "_module " HTTPD_MODULE_DIR "/mod_" +
         std::string(name) + ".so\n";
}

}  // namespace

std::string_view to_string(Mpm mpm) {
  constexpr std::array<std::string_view, 3> kNames = {"event", "worker", "prefork"};
  return kNames[static_cast<std::size_t>(mpm)];
}

namespace {

// The first place for temporary files where the server's user may go and a spool may lie: on some
// distributions /tmp is in memory.
std::string directory_for_trees(const ServerUser& user) {
  const char* const wanted = std::getenv("TMPDIR");
  for (const std::string place : {wanted == nullptr ? "/tmp" : wanted, "/tmp", "/var/tmp"}) {
    if (may_search(place, Identity{user.uid, user.gid, {}}) && check_spool_file_system(place)) {
      return place;
    }
  }
  throw std::runtime_error(
      "neither $TMPDIR nor /tmp nor /var/tmp is on a disk where the server's user may go");
}

}  // namespace

ServerRoot::ServerRoot(const ServerOptions& options) : options_(options) {
  const bool root = geteuid() == 0;
  runs_as_root_ = root && !options.ordinary_user;
  user_ = find_server_user(runs_as_root_, root && options.ordinary_user);
  path_ = directory_for_trees(user_) + "/plivo-dial-XXXXXX";
  if (mkdtemp(path_.data()) == nullptr) fail("mkdtemp " + path_);
  if (chmod(path_.c_str(), 0755) != 0) fail("chmod " + path_);
  for (const char* name : {"/conf", "/htdocs", "/hook", "/built"})
    make_directory(name, 0755, false);
  for (const char* name : {"/logs", "/run"}) make_directory(name, 0755, !runs_as_root_);
  make_directory("/spool", 0750, true);
  for (const char* name : {"/events", "/sanitizer"}) make_directory(name, 0755, true);
  module_ = within_reach(PLIVO_DIAL_MODULE);
  diald_ = within_reach(PLIVO_DIALD_PROGRAM);
}

std::string ServerRoot::within_reach(const std::string& file) const {
  if (file.empty() || may_read(file, Identity{user_.uid, user_.gid, {}})) return file;
  const std::string name = path_ + "/built/" + std::filesystem::path(file).filename().string();
  std::error_code error;
  if (std::filesystem::exists(name, error)) return name;
  std::filesystem::create_hard_link(file, name, error);
  if (error) std::filesystem::copy_file(file, name);
  return name;
}

ServerRoot::~ServerRoot() {
  if (std::getenv("PLIVO_DIAL_TEST_KEEP") != nullptr) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void ServerRoot::make_directory(const std::string& name, mode_t mode, bool for_server) const {
  const std::string directory = path_ + name;
  if (mkdir(directory.c_str(), mode) != 0 || chmod(directory.c_str(), mode) != 0) fail(directory);
  if (for_server) give_to_server(directory);
}

void ServerRoot::give_to_server(const std::string& path) const {
  if (geteuid() == 0 && chown(path.c_str(), user_.uid, user_.gid) != 0) fail("chown " + path);
}

void ServerRoot::write_file(const std::string& name, std::string_view content, mode_t mode,
                            bool for_server) const {
  const std::string path = path_ + "/" + name;
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) fail(path);
  const bool written =
      write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  if (!written || fchmod(file, mode) != 0 || close(file) != 0) fail(path);
  if (for_server) give_to_server(path);
}

void ServerRoot::write_configuration(std::string_view configuration, int port) const {
  std::string text = "Define ROOT " + path_ + "\nDefine PORT " + std::to_string(port) +
                     "\nDefine DIALD " + diald_ + "\nDefine MODULE " + module_ + "\n";
  text += load_module("mpm_" + std::string(to_string(options_.mpm))) + load_module("authz_core");
  for (const std::string& module : options_.modules) text += load_module(module);
  if (options_.load_plivo_dial) text += "LoadModule plivo_dial_module " + module_ + "\n";
  text += mpm_limits(options_.mpm);
  if (runs_as_root_) text += "User " + user_.name + "\nGroup " + user_.group + "\n";
  text += R"(ServerRoot "${ROOT}"
DefaultRuntimeDir "${ROOT}/run"
PidFile "${ROOT}/run/httpd.pid"
Listen 127.0.0.1:${PORT}
ServerName localhost:${PORT}
DocumentRoot "${ROOT}/htdocs"
ErrorLog "${ROOT}/logs/error_log"
LogLevel info
KeepAliveTimeout 2
MaxKeepAliveRequests 0
GracefulShutdownTimeout 5
)";
  text += configuration;
  text += '\n';
  write_file("conf/httpd.conf", text, 0644);
}

std::string ServerRoot::control_program() const {
  std::string script = "#!/bin/sh\nexec env -i";
  const Command command = httpd({});
  for (const auto& words : {command.environment, command.arguments}) {
    for (const std::string& word : words) script += " '" + word + "'";
  }
  return script + " \"$@\"\n";
}

Command ServerRoot::httpd(const std::vector<std::string>& arguments) const {
  Command command;
  command.arguments = {HTTPD_PROGRAM, "-d", path_, "-f", path_ + "/conf/httpd.conf"};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  for (std::string entry : options_.environment) {
    constexpr std::string_view kRoot = "${ROOT}";
    const std::size_t at = entry.find(kRoot);
    if (at != std::string::npos) entry.replace(at, kRoot.size(), path_);
    command.environment.push_back(std::move(entry));
  }
  command.environment.push_back(marker());
  command.environment.push_back(
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  command.environment.push_back("LC_ALL=C");
  const std::string preload = SANITIZER_LIBRARY +
                              std::string(std::string_view(SANITIZER_LIBRARY) != "" ? ":" : "") +
                              options_.preload;
  if (!preload.empty()) command.environment.push_back("LD_PRELOAD=" + preload);
  if (std::string_view(SANITIZER_LIBRARY) != "") {
    const std::string options = "log_path=" + path_ + "/sanitizer/report:print_stacktrace=1";
    // httpd leaks by design when it exits.
    command.environment.push_back("ASAN_OPTIONS=detect_leaks=0:" + options);
    command.environment.push_back("UBSAN_OPTIONS=" + options);
  }
  if (geteuid() == 0 && !runs_as_root_) {
    command.user = user_.uid;
    command.group = user_.gid;
  }
  return command;
}

std::vector<std::string> ServerRoot::crash_files() const {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path_)) {
    const std::string name = entry.path().filename();
    const bool is_core = name == "core" || name.starts_with("core.");
    const bool is_report = entry.path().parent_path() == path_ + "/sanitizer";
    if (is_core || is_report) found.push_back(entry.path());
  }
  return found;
}

}  // namespace plivo_dial::test
