// File: mod_plivo_dial/ctl/httpd/configtest.h
//
// What httpd's own control program tells of the configuration, read from its output. Pure
// functions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plivo_dial::ctl {

// Whether the output of -M has the module.
bool lists_module(std::string_view text);

// The lines of a failed or passed configtest that say what is wrong: errors, or the warnings of
// this module. Without httpd's prefix of time, level and module; what httpd says in a line before,
// file and line of a mistake, stands in front.
std::vector<std::string> errors_of_configtest(std::string_view text);
std::vector<std::string> warnings_of_configtest(std::string_view text);

// Whether one of these errors is only that an ordinary user can't judge something.
bool is_for_root(std::string_view error);

// Whether the output is not httpd's, but that of a script of its name, as Fedora's apachectl, which
// does not pass -t and -M on; and what to say of it.
bool takes_no_arguments(std::string_view text);
std::string no_arguments_text(const std::string& program, std::string_view output);

}  // namespace plivo_dial::ctl
