// File: mod_plivo_dial/ctl/help_text.h
//
// How --help looks: two columns, wrapped at the terminal's width. Give it to the application before
// commands are added, which inherit it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace plivo_dial::ctl {

// `text` in lines of at most `width` characters, broken at blanks, with `indent` blanks before each
// line but the first. Line feeds stay. A command line, which begins with blanks or "Example:
// plivo-", is broken by a backslash, so that it can be pasted. A word that is too long has a line
// of its own. Without a line feed at its end. Pure.
std::string wrapped_text(std::string_view text, std::size_t width, std::size_t indent);

class HelpText : public CLI::Formatter {
 public:
  explicit HelpText(std::size_t width) : width_(width) {}

  // CLI11 2.5 and later would wrap descriptions and footers once more, at a width of their own.
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override;
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  std::string make_description(const CLI::App* app) const override;
  std::string make_usage(const CLI::App* app, std::string name) const override;
  std::string make_footer(const CLI::App* app) const override;

 private:
  std::string entry(const std::string& name, const std::string& description) const;

  std::size_t width_;
};

}  // namespace plivo_dial::ctl
