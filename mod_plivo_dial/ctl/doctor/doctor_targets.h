// File: mod_plivo_dial/ctl/doctor/doctor_targets.h
//
// Where on this machine a Location of httpd's configuration is likely to answer. Pure functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/settings/config_manifest.h"
#include "mod_plivo_dial/ctl/doctor/doctor_probe.h"

namespace plivo_dial::ctl {

// The places to ask, the likeliest first; empty when httpd says that its server is reached nowhere.
// The name in each URL is that of the public URL, by which httpd chooses its virtual host.
// `httpd_url` is where the administrator says that httpd answers, an absolute URL whose path does
// not count; "" to ask where httpd says that it is. A virtual host with a port is asked at that
// one, of the same address, and then at the URL's own, as where a container's port 80 is reached by
// 8080.
std::vector<ProbeTarget> local_targets(const ManifestLocation& location,
                                       std::string_view httpd_url);

}  // namespace plivo_dial::ctl
