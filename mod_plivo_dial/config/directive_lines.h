// File: mod_plivo_dial/config/directive_lines.h
//
// Lines of the configuration as they were written, with the sections that they stand in: of
// SetHandler httpd keeps only a compiled expression, and of other modules' directives we know no
// more than this. Use it at configuration time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "mod_plivo_dial/config/config.h"

namespace plivo_dial {

// One line; all pointers are the configuration's.
struct DirectiveLine {
  const ap_directive_t* line = nullptr;
  std::string word;                              // the first of its arguments
  const ap_directive_t* location = nullptr;      // the <Location> or <LocationMatch> around it
  const ap_directive_t* condition = nullptr;     // the <If>, <ElseIf> or <Else> around it
  const ap_directive_t* of_files = nullptr;      // the <Directory>, <Files> or so around it
  const ap_directive_t* virtual_host = nullptr;  // null: the main server, and all that inherit it
};

// All lines of the directive called `name`, in the order of the configuration.
std::vector<DirectiveLine> directive_lines(apr_pool_t* pool, const char* name);

// The same of several.
std::vector<DirectiveLine> directive_lines(apr_pool_t* pool,
                                           std::initializer_list<const char*> names);

// The path of a plain <Location "/path">; "" for one by regular expression, and for none.
std::string plain_location(apr_pool_t* pool, const ap_directive_t* location);

// Whether `server` has the line: as its own, or inherited from the main server.
bool belongs_to(const DirectiveLine& line, const server_rec* server);

// Whether a request for `url` gets the directives of the Location.
bool covers(apr_pool_t* pool, const ap_directive_t* location, const std::string& url);

// Those that `server` has, the strongest last: httpd merges the Locations of the main server first,
// then those of the virtual host, and <If> sections behind all of them. Without those of files.
std::vector<const DirectiveLine*> in_order_of_merging(const std::vector<DirectiveLine>& lines,
                                                      const server_rec* server);

Position position_of(const ap_directive_t* line);

// `<Location "/">`
std::string as_written(const ap_directive_t* section);

}  // namespace plivo_dial
