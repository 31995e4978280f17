// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/command/help_text.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>

namespace plivo_dial {
namespace {

constexpr std::size_t kNameColumn = 30;  // where descriptions begin on a wide terminal
constexpr std::string_view kContinued = " \\";

bool is_argument(const CLI::Option* option) {
  return option->get_positional();
}

bool is_command_line(std::string_view line) {
  return line.starts_with("  ") || line.starts_with("Example: plivo-");
}

// One line of the text as it was written.
void append_wrapped(std::string_view line, std::size_t width, std::size_t indent,
                    std::string& out) {
  const bool command = is_command_line(line);
  const std::size_t margin = indent + (command ? 4 : 0);
  const std::size_t reserve = command ? kContinued.size() : 0;
  std::size_t column = indent;
  bool empty = true;
  while (!line.empty()) {
    const std::size_t word_begin = std::min(line.find_first_not_of(' '), line.size());
    const std::size_t word_end = std::min(line.find(' ', word_begin), line.size());
    const std::string_view word = line.substr(0, word_end);  // with the blanks before it
    const bool last = word_end == line.size();
    if (!empty && column + word.size() + (last ? 0 : reserve) > width) {
      out += command ? kContinued : std::string_view();
      out += '\n';
      out.append(margin, ' ');
      out += word.substr(word_begin);
      column = margin + word.size() - word_begin;
    } else {
      out += word;
      column += word.size();
    }
    empty = false;
    line.remove_prefix(word_end);
  }
}

}  // namespace

std::string wrapped_text(std::string_view text, std::size_t width, std::size_t indent) {
  std::string out;
  for (bool first = true; first || !text.empty(); first = false) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (!first) out += line.empty() ? "\n" : "\n" + std::string(indent, ' ');
    append_wrapped(line, width, indent, out);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

namespace {

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

std::string HelpText::entry(const std::string& name, const std::string& description) const {
  const std::size_t column = std::min(kNameColumn, width_ / 3);
  std::string text = "  " + wrapped_text(name, width_, 6);
  if (description.empty()) return text + "\n";
  if (text.size() + 1 > column) {
    text += "\n" + std::string(column, ' ');
  } else {
    text.resize(column, ' ');
  }
  return text + wrapped_text(description, width_, column) + "\n";
}

std::string HelpText::make_option(const CLI::Option* option, bool is_positional) const {
  return entry(make_option_name(option, is_positional) + make_option_opts(option),
               make_option_desc(option));
}

std::string HelpText::make_subcommand(const CLI::App* command) const {
  return entry(command->get_name(), command->get_description());
}

std::string HelpText::make_description(const CLI::App* app) const {
  return wrapped_text(app->get_description(), width_, 0) + "\n";
}

std::string HelpText::make_usage(const CLI::App* app, std::string name) const {
  std::string usage = "Usage: " + name + " [OPTIONS]";
  for (const CLI::Option* option : app->get_options(is_argument)) {
    const std::string argument =
        option->get_name(true, false) + (option->get_items_expected_max() > 1 ? "..." : "");
    usage += option->get_required() ? " " + argument : " [" + argument + "]";
  }
  if (app->get_require_subcommand_min() > 0) usage += " SUBCOMMAND";
  return wrapped_text(usage, width_, 2) + "\n";
}

std::string HelpText::make_help(const CLI::App* app, std::string name, CLI::AppFormatMode) const {
  return make_description(app) + make_usage(app, std::move(name)) + make_positionals(app) +
         make_groups(app, CLI::AppFormatMode::Normal) +
         make_subcommands(app, CLI::AppFormatMode::Normal) + "\n" + make_footer(app);
}

std::string HelpText::make_footer(const CLI::App* app) const {
  const std::string footer = app->get_footer();
  return footer.empty() ? "" : wrapped_text(footer, width_, 0) + "\n";
}

}  // namespace

std::shared_ptr<CLI::FormatterBase> wrapping_formatter(std::size_t width) {
  return std::make_shared<HelpText>(width);
}

}  // namespace plivo_dial
