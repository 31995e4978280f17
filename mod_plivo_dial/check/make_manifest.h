// File: mod_plivo_dial/check/make_manifest.h
//
// The configuration as it will be served, as plain data for people and programs: every Location
// with its plans, whose signatures are believed, where events go. Use it when the configuration has
// been read (test_config, post_config).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/settings/config_manifest.h"
#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

ConfigManifest make_manifest(apr_pool_t* scratch, server_rec* main_server);

}  // namespace plivo_dial
