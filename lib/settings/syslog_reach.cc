// SPDX-License-Identifier: Apache-2.0
#include "lib/settings/syslog_reach.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "lib/base/system_file.h"
#include "lib/settings/sink_arguments.h"

namespace plivo_dial {
namespace {

// 0, or errno.
int connect_to(const sockaddr_un& address, int type) {
  const Descriptor daemon(socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!daemon.valid()) return 0;  // says nothing of the daemon
  const auto* peer = reinterpret_cast<const sockaddr*>(&address);
  return connect(daemon.get(), peer, sizeof address) == 0 ? 0 : errno;
}

}  // namespace

Result<void> reach_syslog(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return {};  // parse_sink refuses it
  path.copy(address.sun_path, path.size());
  int error = connect_to(address, SOCK_DGRAM);
  if (error == EPROTOTYPE) error = connect_to(address, SOCK_STREAM);
  if (error == 0 || error == EAGAIN) return {};  // a stream whose daemon is busy
  return Error{"no syslog daemon takes events at '" + path + "' (" + std::strerror(error) +
               "), and they wait until one does: install and start one (apt install rsyslog, dnf "
               "install rsyslog), in a container hand in the host's (docker run -v "
               "/dev/log:/dev/log), or name another sink, such as PlivoEventSink events "
               "file:/var/log/plivo-dial/events.log"};
}

}  // namespace plivo_dial
