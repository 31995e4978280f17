// SPDX-License-Identifier: Apache-2.0
#include "lib/store/dead_letter.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "lib/base/system_file.h"
#include "lib/base/text.h"
#include "lib/base/timestamp.h"
#include "lib/json/json_value.h"
#include "lib/json/json_writer.h"
#include "lib/spool/spool_layout.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kSyncedOneByOne = 4;  // more of them cost less as a whole file system

std::string dead_directory(const std::string& spool) {
  return path_in_spool(spool, kDeadDirectory);
}

std::string text_of(const DeadLetter& letter) {
  JsonWriter json;
  json.begin_object().member("sink", letter.sink).member("reason", letter.reason);
  json.member("attempts", letter.attempts).member("died", format_timestamp(letter.died_us));
  json.key("event").raw(letter.event);
  return json.end_object().take() + "\n";
}

// Of a name that stands in the store or in an event: what it takes to stay in the directory.
std::string as_file_name(std::string_view name) {
  constexpr std::size_t kMost = 64;
  std::string safe(name.substr(0, kMost));
  for (std::size_t i = 0; i < safe.size(); ++i) {
    const char c = safe[i];
    const bool plain = is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
    if (!plain) safe[i] = '_';
  }
  return safe;
}

std::string file_name_of(const std::string& event_id, const std::string& sink) {
  std::string name = as_file_name(event_id) + "." + as_file_name(sink) + ".json";
  if (name.front() == '.') name.front() = '_';
  return name;
}

// Into the directory `parent`, which is named `directory`.
Result<void> write_letter(const Descriptor& parent, const std::string& directory,
                          const DeadLetter& letter, bool sync) {
  const std::string name = file_name_of(letter.event_id, letter.sink);
  const std::string temporary = name + ".tmp";
  const std::string path = directory + "/" + name;
  const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
  const Descriptor file(openat(parent.get(), temporary.c_str(), flags, kSpoolFileMode));
  if (!file.valid()) return system_error("cannot create", path + ".tmp");
  if (Result<void> written = write_all(file.get(), path + ".tmp", text_of(letter)); !written) {
    return written;
  }
  if (sync && fdatasync(file.get()) != 0) return system_error("cannot sync", path + ".tmp");
  if (renameat(parent.get(), temporary.c_str(), parent.get(), name.c_str()) != 0) {
    return system_error("cannot replace", path);
  }
  return {};
}

}  // namespace

std::string dead_letter_path(const std::string& spool, const std::string& event_id,
                             const std::string& sink) {
  return dead_directory(spool) + "/" + file_name_of(event_id, sink);
}

Result<void> write_dead_letters(const std::string& spool, const std::vector<DeadLetter>& letters) {
  const std::string directory = dead_directory(spool);
  if (Result<void> made = make_directory(directory); !made) return made;
  const Descriptor parent =
      open_beneath(spool, std::string(kDeadDirectory), O_RDONLY | O_DIRECTORY);
  if (!parent.valid()) return system_error("cannot open directory", directory);
  const bool many = letters.size() > kSyncedOneByOne;
  for (const DeadLetter& letter : letters) {
    if (Result<void> written = write_letter(parent, directory, letter, !many); !written) {
      return written;
    }
  }
  if ((many ? syncfs(parent.get()) : fsync(parent.get())) != 0) {
    return system_error("cannot sync directory", directory);
  }
  return {};
}

Result<DeadLetter> read_dead_letter(const std::string& path) {
  Result<std::string> text = read_file(path);
  if (!text) return text.error();
  const std::optional<JsonDocument> document = JsonDocument::parse(*text);
  const JsonValue root = document ? document->root() : JsonValue();
  const auto id = root["event"]["id"].text();
  const auto sink = root["sink"].text();
  const auto reason = root["reason"].text();
  const auto attempts = root["attempts"].natural();
  const auto died = root["died"].text();
  if (!id || !sink || !reason || !attempts || !died) {
    return Error{"'" + path + "' is missing or no dead letter"};
  }
  return DeadLetter{std::string(*id),
                    std::string(*sink),
                    std::string(*reason),
                    static_cast<unsigned>(*attempts),
                    parse_timestamp(*died).value_or(0),
                    root["event"].print()};
}

Result<void> remove_dead_letter(const std::string& spool, const std::string& event_id,
                                const std::string& sink) {
  const Descriptor parent =
      open_beneath(spool, std::string(kDeadDirectory), O_RDONLY | O_DIRECTORY);
  if (!parent.valid()) {
    if (errno == ENOENT) return {};
    return system_error("cannot open directory", dead_directory(spool));
  }
  const std::string name = file_name_of(event_id, sink);
  if (unlinkat(parent.get(), name.c_str(), 0) != 0 && errno != ENOENT) {
    return system_error("cannot remove", dead_directory(spool) + "/" + name);
  }
  return {};
}

Result<std::vector<std::string>> list_dead_letters(const std::string& spool) {
  const std::string directory = dead_directory(spool);
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return Error{"cannot read directory '" + directory + "': " + error.message()};
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace plivo_dial
