// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/init/init_places.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "lib/base/in_quotes.h"
#include "mod_plivo_dial/ctl/init/init_settings.h"

namespace plivo_dial::ctl {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFileName = "plivo-calls.conf";

bool is_directory(const std::string& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

bool is_in_place(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

Result<std::string> absolute(const std::string& path, const char* option) {
  std::error_code error;
  const fs::path whole = fs::absolute(path, error).lexically_normal();
  if (error) return Error{std::string(option) + ": " + in_quotes(path) + ": " + error.message()};
  if (const Result<void> plain = check_plain_path(whole.string()); !plain) {
    return Error{std::string(option) + ": " + plain.error().message};
  }
  return whole.string();
}

}  // namespace

std::optional<InitPlaces> places_of_distribution(const std::string& root) {
  const std::string debian = root + "/etc/apache2";
  if (is_directory(debian + "/conf-available")) {
    return InitPlaces{debian + "/conf-available/" + kFileName, debian + "/plivo/main.token"};
  }
  const std::string fedora = root + "/etc/httpd";
  if (is_directory(fedora + "/conf.d")) {
    return InitPlaces{fedora + "/conf.d/" + kFileName, fedora + "/plivo/main.token"};
  }
  return std::nullopt;
}

Result<InitPlaces> choose_places(const std::string& configuration, const std::string& token_file,
                                 const std::string& root) {
  InitPlaces chosen;
  const std::optional<InitPlaces> usual = places_of_distribution(root);
  if ((configuration.empty() || token_file.empty()) && !usual) {
    return Error{
        "neither /etc/apache2/conf-available nor /etc/httpd/conf.d is there: say by --config FILE "
        "where the configuration goes, and by --token-file FILE where the Auth Token goes"};
  }
  if (usual) chosen = *usual;
  if (!configuration.empty()) {
    Result<std::string> path = absolute(configuration, "--config");
    if (!path) return path.error();
    chosen.configuration = std::move(*path);
  }
  if (!token_file.empty()) {
    Result<std::string> path = absolute(token_file, "--token-file");
    if (!path) return path.error();
    chosen.token_file = std::move(*path);
  }
  if (chosen.token_file == chosen.configuration) {
    return Error{"--config and --token-file both name " + in_quotes(chosen.configuration) +
                 ": the Auth Token needs a file of its own"};
  }
  return chosen;
}

std::string other_configuration(const InitPlaces& places) {
  const fs::path ours = places.configuration;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(ours.parent_path(), error)) {
    if (entry.path() == ours || entry.path().extension() != ".conf") continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      const std::size_t first = line.find_first_not_of(" \t");
      if (first != line.npos && line.compare(first, 13, "PlivoAccount ") == 0) {
        return entry.path().string();
      }
    }
  }
  return "";
}

std::vector<std::string> commands_to_enable(const InitPlaces& places) {
  const fs::path file = places.configuration;
  const fs::path directory = file.parent_path();
  std::vector<std::string> commands;
  if (directory.filename() == "conf-available") {
    const fs::path apache = directory.parent_path();
    if (!is_in_place(apache / "mods-enabled/plivo_dial.load"))
      commands.push_back("a2enmod plivo_dial");
    commands.push_back("a2enconf " + shell_word(file.stem().string()));
  } else if (directory.filename() != "conf.d" && directory.filename() != "conf-enabled") {
    commands.push_back("# write into httpd's configuration: Include " + file.string());
  }
  commands.push_back("apachectl configtest && apachectl graceful");
  return commands;
}

std::string shell_word(const std::string& text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+@%:,=";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? "'\\''" : std::string(1, c);
  return word + "'";
}

}  // namespace plivo_dial::ctl
