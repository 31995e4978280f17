// File: mod_plivo_dial/check/check_view.h
//
// Whether those who serve requests and deliver events have the identity, the view of the file
// system and the neighbours that configtest takes for granted: mpm-itk, ChrootDir, PrivateTmp, a
// second httpd on the spool, a syslog daemon, a disk that takes nothing. All of it warns: calls are
// served all the same.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lib/access/file_access.h"
#include "mod_plivo_dial/config/sections.h"

namespace plivo_dial {

// What the configuration itself shows, at each start too.
std::vector<std::string> view_warnings(apr_pool_t* scratch, server_rec* main_server,
                                       const std::vector<Section>& sections,
                                       const Identity& identity);

// What the machine shows at this moment, for configtest alone: a start must not depend on it, and
// finds it out by itself. Tries to write the spool as `identity`.
std::vector<std::string> present_warnings(apr_pool_t* scratch, server_rec* main_server,
                                          const Identity& identity);

// For processes that can't store events although configtest was content: the remedy that ChrootDir
// or mpm-itk asks for; "" when neither is there.
std::string serving_remedy(const server_rec* main_server, const Identity& identity);

}  // namespace plivo_dial
