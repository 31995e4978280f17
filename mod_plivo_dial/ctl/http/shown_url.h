// File: mod_plivo_dial/ctl/http/shown_url.h
//
// A URL of somebody else's in a sentence that may be handed on. Pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace plivo_dial::ctl {

// `url` without what may be a secret: a user name with its password becomes "...@", and a query
// "?...".
std::string shown_url(std::string_view url);

}  // namespace plivo_dial::ctl
