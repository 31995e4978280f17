// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/dispatcher/dispatcher_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "lib/base/in_quotes.h"
#include "lib/base/text.h"
#include "lib/log/log_id.h"
#include "mod_plivo_dial/config/config.h"
#include "mod_plivo_dial/config/serving_identity.h"
#include "mod_plivo_dial/dispatcher/dispatcher_channel.h"

namespace plivo_dial {
namespace {

constexpr mode_t kDirectoryMode = 0755;
constexpr mode_t kFileMode = 0640;  // a hook's arguments are not everybody's business

bool is_directory(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

bool write_whole(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// Under another name first, so that nobody reads half of it.
bool put_in_place(const std::string& path, std::string_view text) {
  const std::string temporary = path + ".new";
  unlink(temporary.c_str());
  const int file =
      open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode);
  if (file < 0) return false;
  const bool handed_over =
      geteuid() != 0 || fchown(file, 0, static_cast<gid_t>(serving_identity().gid)) == 0;
  const bool written = handed_over && fchmod(file, kFileMode) == 0 && write_whole(file, text);
  const bool closed = close(file) == 0;
  return written && closed && rename(temporary.c_str(), path.c_str()) == 0;
}

}  // namespace

Result<void> check_dispatcher_file(const std::string& path) {
  const std::string directory = directory_of(path);
  if (is_directory(path)) {
    return Error{in_quotes(path) + " is a directory; name the file that httpd is to write there"};
  }
  if (is_directory(directory) || is_directory(directory_of(directory))) return {};
  return Error{"there is no directory " + in_quotes(directory) +
               " for the file that plivo-diald reads; make it, owned by root"};
}

void write_dispatcher_file(server_rec* main_server) {
  const std::string& path = server_config(main_server).dispatcher_file;
  const std::string text = dispatcher_configuration(main_server);
  bool written = put_in_place(path, text);
  if (!written && errno == ENOENT && mkdir(directory_of(path).c_str(), kDirectoryMode) == 0) {
    written = put_in_place(path, text);
  }
  if (written) return;
  ap_log_error(APLOG_MARK, APLOG_CRIT, errno, main_server,
               "%s: cannot write '%s' for plivo-diald, which goes on with the configuration that "
               "it has; PlivoDispatcher External takes another path as its second argument",
               log_id::kDispatcherFile, path.c_str());
}

}  // namespace plivo_dial
