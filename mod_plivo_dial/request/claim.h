// File: mod_plivo_dial/request/claim.h
//
// A request for a <Location> with our handler is ours before another module maps it to something
// else: a rewrite rule, a proxy, a file of the same name. These callbacks take it at the first hook
// that knows the merged Location, and keep it until httpd asks handlers. Access rules are httpd's
// and stay. All are for httpd's hooks, any thread, and leave requests that are not ours alone.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

// What claims need of the configuration: which other modules are there. In `pconf`.
struct ClaimSetup;

// Makes it. In post_config, after all modules are known; without it nothing is claimed.
const ClaimSetup* prepare_claims(apr_pool_t* pconf, server_rec* main_server);

// The request is ours, by httpd's own reading of SetHandler for its URI. Sets r->filename to the
// URI, so that no file is looked for.
int claim_uri(request_rec* r) noexcept;  // translate_name

// The same where the URI is still encoded: for whoever maps those.
int claim_encoded_uri(request_rec* r) noexcept;  // pre_translate_name

// Serves a request of ours at once where a module keeps replies by URL (mod_cache).
int pass_by_caches(request_rec* r, int lookup) noexcept;  // quick_handler

// No <Directory>, .htaccess or <Files> holds for a claimed request. Claims what a rewrite rule sent
// to a Location of ours.
int skip_storage(request_rec* r) noexcept;  // map_to_storage

// No file's type matters for it.
int skip_file_type(request_rec* r) noexcept;  // type_checker

// Takes from it what other modules were told in a <Location> around ours: redirects, rewrite rules,
// caching.
int disarm_mappers(request_rec* r) noexcept;  // fixups, before all others

// Sets our handler again, whoever set another.
int restore_handler(request_rec* r) noexcept;  // fixups, behind all others

// Gives it all configuration back, once our handler has it: other modules filter and log by that.
void end_claim(request_rec* r);

}  // namespace plivo_dial
