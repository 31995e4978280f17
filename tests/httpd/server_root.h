// File: tests/httpd/server_root.h
//
// The private directory tree of one httpd: its configuration, logs, spool and everything else that
// a test needs on disk. Gone when the object is.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/httpd/process.h"

namespace plivo_dial::test {

enum class Mpm { kEvent, kWorker, kPrefork };
std::string_view to_string(Mpm mpm);

struct ServerOptions {
  Mpm mpm = Mpm::kEvent;
  // Run as an ordinary user instead of root with `User`. Needs root, else it is so anyway.
  bool ordinary_user = false;
  bool load_plivo_dial = true;
  std::vector<std::string> modules = {};      // beside authz_core: "rewrite", "status"
  std::vector<std::string> environment = {};  // NAME=value, with ${ROOT}; beside the harness's
  std::string preload = {};                   // a library for LD_PRELOAD
};

// Who serves requests: httpd's User when it is started by root.
struct ServerUser {
  std::string name;
  std::string group;
  uid_t uid = 0;
  gid_t gid = 0;
};

// Below path(): conf/ logs/ run/ htdocs/ of root; spool/ (0750) events/ of the server's user;
// hook/ with programs; sanitizer/ for reports. Throws std::system_error when the machine refuses.
class ServerRoot {
 public:
  explicit ServerRoot(const ServerOptions& options);
  ~ServerRoot();
  ServerRoot(const ServerRoot&) = delete;
  ServerRoot& operator=(const ServerRoot&) = delete;

  const std::string& path() const { return path_; }
  const ServerUser& user() const { return user_; }
  bool runs_as_root() const { return runs_as_root_; }

  // Writes conf/httpd.conf: the least that httpd needs to serve on 127.0.0.1:`port`, then
  // `configuration`, in which ${ROOT}, ${PORT}, ${DIALD} (the dispatcher's program) and ${MODULE}
  // are known.
  void write_configuration(std::string_view configuration, int port) const;

  // Writes a file below path(), given to the server's user when `for_server`.
  void write_file(const std::string& name, std::string_view content, mode_t mode,
                  bool for_server = false) const;

  // The command that runs httpd on this tree, with `arguments` behind.
  Command httpd(const std::vector<std::string>& arguments) const;
  // The text of a program that takes httpd's options, as apachectl does, for this tree.
  std::string control_program() const;

  // The entry of the environment that marks all processes of this tree.
  std::string marker() const { return "PLIVO_DIAL_TEST_ROOT=" + path_; }

  // `file`, a program of this build, or a copy of it below path() when the server's user cannot get
  // at it: the build may be where no other user may go, such as a checkout in root's home.
  std::string within_reach(const std::string& file) const;

  // Core dumps and reports of sanitizers.
  std::vector<std::string> crash_files() const;

 private:
  void make_directory(const std::string& name, mode_t mode, bool for_server) const;
  void give_to_server(const std::string& path) const;

  ServerOptions options_;
  std::string path_;
  std::string module_;  // what was built, where the server's user can read it
  std::string diald_;
  ServerUser user_;
  bool runs_as_root_ = false;
};

}  // namespace plivo_dial::test
