// File: lib/access/private_tmp.h
//
// Whether /tmp and /var/tmp are a service's own: with PrivateTmp=true, as Debian's apache2.service
// has it, httpd and all that it starts see other directories there than everybody else, and they
// are removed when it ends.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace plivo_dial {

// Whether `path` lies in a directory that PrivateTmp= replaces.
bool lies_in_tmp(std::string_view path);

// Whether this process is in such a service: its /tmp is mounted by systemd for it. `mounts` lists
// what is mounted, as proc(5) has it.
bool has_private_tmp(const std::string& mounts = "/proc/self/mountinfo");

// The name of httpd's unit (apache2.service, httpd.service) when this machine runs systemd and the
// unit has PrivateTmp=; "" when not. `root` stands before all paths; "" for the machine's own.
std::string unit_with_private_tmp(const std::string& root);

}  // namespace plivo_dial
