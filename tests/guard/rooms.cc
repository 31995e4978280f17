// SPDX-License-Identifier: Apache-2.0
#include "tests/guard/rooms.h"

#include <algorithm>
#include <array>

namespace plivo_dial::test {
namespace {

// Those of lib/ in the order of their floors: each knows only what is above it.
constexpr auto kRooms = std::to_array<Room>({
    {"lib/base", "", true},
    {"lib/log", "base", true},
    {"lib/access", "base", true},
    {"lib/image", "base", true},
    {"lib/json", "base", true},
    {"lib/form", "base json", true},
    {"lib/signature", "base form", true},
    {"lib/webhook", "base form signature", true},
    {"lib/document", "base", true},
    {"lib/plan", "base signature webhook document schedule", true},
    {"lib/route", "base image document plan", true},
    {"lib/schedule", "base", true},
    {"lib/event", "base json webhook", true},
    {"lib/spool", "base access", true},
    {"lib/status", "base log", true},
    {"lib/settings", "base log access json form webhook", true},
    {"lib/tables", "base image route schedule plan settings", true},
    {"lib/api", "base form signature webhook document plan event", true},
    {"lib/process", "base access", false},
    {"lib/sink", "base log event settings process", false},
    {"lib/calendar", "base schedule", false},
    {"lib/compile", "base image route schedule settings tables calendar", false},
    {"lib/store", "base log json webhook event spool", false},
    {"lib/books", "base log json webhook event spool settings store", false},
    {"lib/operators", "base event spool store", false},
    {"lib/delivery", "base log event spool settings process sink store books", false},

    {"mod_plivo_dial", "config status dispatcher request check", true},
    {"mod_plivo_dial/config", "", true},
    {"mod_plivo_dial/status", "config", true},
    {"mod_plivo_dial/dispatcher", "config status", true},
    {"mod_plivo_dial/request", "config status", true},
    {"mod_plivo_dial/check", "config status dispatcher", true},
    {"mod_plivo_dial/manual", "config", false},

    // What both programs share, above lib/base and below them.
    {"mod_plivo_dial/command", "base", false},

    {"mod_plivo_dial/diald", "", false},

    {"mod_plivo_dial/ctl", "http httpd plivo call sign tables plan urls events doctor init", false},
    {"mod_plivo_dial/ctl/http", "", false},
    {"mod_plivo_dial/ctl/httpd", "", false},
    {"mod_plivo_dial/ctl/plivo", "http", false},
    {"mod_plivo_dial/ctl/call", "http", false},
    {"mod_plivo_dial/ctl/sign", "http call", false},
    {"mod_plivo_dial/ctl/events", "httpd", false},
    {"mod_plivo_dial/ctl/tables", "httpd events", false},
    {"mod_plivo_dial/ctl/plan", "httpd tables", false},
    {"mod_plivo_dial/ctl/urls", "httpd plivo plan", false},
    {"mod_plivo_dial/ctl/doctor", "http httpd plivo call events", false},
    {"mod_plivo_dial/ctl/init", "http plivo", false},
});

constexpr std::string_view kOfBothPrograms = "mod_plivo_dial/command";

std::string_view directory_in(std::string_view path) {
  return path.substr(0, path.rfind('/'));
}

std::string_view last_part(std::string_view folder) {
  return folder.substr(folder.rfind('/') + 1);
}

// The folder of the program, or lib/, that a room belongs to.
std::string_view house_of(std::string_view folder) {
  if (folder.starts_with("lib/")) return "lib";
  constexpr std::string_view kPrograms[] = {"mod_plivo_dial/ctl", "mod_plivo_dial/diald",
                                            kOfBothPrograms};
  for (const std::string_view program : kPrograms) {
    if (folder.starts_with(program)) return program;
  }
  return "mod_plivo_dial";
}

bool has_word(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

}  // namespace

std::span<const Room> all_rooms() {
  return kRooms;
}

const Room* room_of(std::string_view path) {
  const auto found = std::ranges::find(kRooms, directory_in(path), &Room::folder);
  return found == kRooms.end() ? nullptr : &*found;
}

std::string_view judge_direction(const Room& room, std::string_view file) {
  const bool in_lib = room.folder.starts_with("lib/");
  const Room* const target = room_of(file);
  if (target == nullptr || (in_lib && !file.starts_with("lib/"))) {
    return in_lib ? "lib/ includes by \"lib/folder/file.h\" only" : "no room of the house";
  }
  if (target == &room) return "";
  const bool of_lib = target->folder.starts_with("lib/");
  if (room.folder == kOfBothPrograms && of_lib) {
    return has_word(room.may_include, last_part(target->folder)) ? "" : "is not below it";
  }
  if (!in_lib && of_lib) {
    return room.runs_in_httpd && !target->runs_in_httpd ? "is not for httpd's process" : "";
  }
  const std::string_view house = house_of(room.folder);
  if (target->folder == kOfBothPrograms && house != "mod_plivo_dial") return "";
  if (house_of(target->folder) != house) return "is another program's";
  // The folder of a program holds what all its rooms share.
  const bool shared = !in_lib && target->folder == house;
  return shared || has_word(room.may_include, last_part(target->folder)) ? "" : "is not below it";
}

}  // namespace plivo_dial::test
