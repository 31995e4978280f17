// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/events/events_spool.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <vector>

#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"
#include "lib/base/text.h"
#include "lib/event/id.h"
#include "lib/process/process_setup.h"
#include "lib/spool/spool_layout.h"
#include "lib/store/store_file.h"
#include "mod_plivo_dial/command/command.h"
#include "mod_plivo_dial/ctl/events_text.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/printable.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::size_t kShortestPrefix = 8;
constexpr std::size_t kShownCandidates = 5;

std::string user_name(uid_t uid) {
  const passwd* const user = getpwuid(uid);
  return user == nullptr ? "uid " + std::to_string(uid) : std::string(user->pw_name);
}

// Of this process: it was root and has become httpd's user for good, so that sudo is no remedy.
bool g_was_root = false;

// Who is refused something in `path`, below the spool or the spool itself, should be whom it
// belongs to.
std::string remedy_for_refusal(const std::string& path, uid_t owner) {
  if (g_was_root) {
    const passwd* const user = getpwuid(geteuid());
    const std::string name = user == nullptr ? std::to_string(geteuid()) : user->pw_name;
    return "root uses a spool as the user who serves it, " + user_name(geteuid()) +
           ", and he is refused: chown -R " + name + " " + path +
           ", and let him enter the directories above it (chmod o+x)";
  }
  return "run it with sudo, or as user " + user_name(owner) + ", to whom the spool belongs";
}

Error unusable_spool(const std::string& spool, int error, uid_t owner = 0) {
  if (error == ENOENT) {
    return Error{"the spool " + in_quotes(spool) +
                 " does not exist; name the directory of PlivoSpool with --spool"};
  }
  std::string message = "cannot look into the spool " + in_quotes(spool) + ": " + strerror(error);
  if (error == EACCES) message += "; " + remedy_for_refusal(spool, owner);
  return Error{message};
}

// Who makes the files of the spool. Of a spool that belongs to root, httpd's group may write into
// it: then the directories that httpd's user made tell who that is. Nobody else than root can make
// root their owner.
Result<struct stat> owner_of(const std::string& spool) {
  struct stat directory {};
  if (stat(spool.c_str(), &directory) != 0) return unusable_spool(spool, errno);
  if (!S_ISDIR(directory.st_mode)) {
    return Error{"the spool " + in_quotes(spool) +
                 " is no directory; name the directory of PlivoSpool with --spool"};
  }
  if (directory.st_uid != 0) return directory;
  for (const std::string_view name : {kStoreDirectory, kSegmentDirectory}) {
    struct stat made {};
    const bool there =
        lstat(path_in_spool(spool, name).c_str(), &made) == 0 && S_ISDIR(made.st_mode);
    if (there && made.st_uid != 0) return made;
  }
  return directory;
}

// What is wrong with a spool as which root would stay root; "" for nothing. Whoever may write there
// could lead root to other places.
std::string written_by_others(const std::string& spool) {
  std::vector<std::string> paths = {spool};
  for (const std::string_view name : kEventDirectories) paths.push_back(path_in_spool(spool, name));
  for (const std::string& path : paths) {
    struct stat directory {};
    if (lstat(path.c_str(), &directory) != 0) continue;
    const bool closed = S_ISDIR(directory.st_mode) && directory.st_uid == 0 &&
                        (directory.st_mode & (S_IWGRP | S_IWOTH)) == 0;
    if (closed) continue;
    return "the spool " + in_quotes(spool) + " belongs to root, and others may write into " +
           in_quotes(path) +
           ", so root does not work in it: give all of it to httpd's user, as by chown -R "
           "www-data:www-data " +
           in_quotes(spool) + " && chmod 0750 " + in_quotes(spool);
  }
  return "";
}

// Those that httpd gives its children: of the user, and the group of its own.
Identity identity_of(uid_t uid, gid_t gid) {
  Identity identity{uid, gid, {gid}};
  const passwd* const user = getpwuid(uid);
  if (user == nullptr) return identity;
  int count = 64;
  do {
    identity.groups.resize(static_cast<std::size_t>(count));
  } while (getgrouplist(user->pw_name, gid, identity.groups.data(), &count) < 0);
  identity.groups.resize(static_cast<std::size_t>(count));
  return identity;
}

}  // namespace

Option& add_spool_option(Command& command, EventsOptions& options) {
  return command.option("--spool", options.spool, "The directory of PlivoSpool")
      .shows_default()
      .type_name("DIR");
}

void add_json_option(Command& command, EventsOptions& options, const char* help) {
  command.flag("--json", options.json, help);
}

Result<std::string> enter_spool(const std::string& spool) {
  std::error_code error;
  const std::string path = std::filesystem::absolute(spool, error).lexically_normal().string();
  if (error) return unusable_spool(spool, error.value());
  const Result<struct stat> owner = owner_of(path);
  if (!owner) return owner.error();
  if (geteuid() == 0 && owner->st_uid != 0) {
    const Identity identity = identity_of(owner->st_uid, owner->st_gid);
    if (Result<void> taken = take_identity(identity); !taken) return taken.error();
    g_was_root = true;
  } else if (geteuid() == 0) {
    if (std::string why = written_by_others(path); !why.empty()) return Error{std::move(why)};
  }
  if (access(path.c_str(), R_OK | X_OK) != 0) return unusable_spool(path, errno, owner->st_uid);
  return path;
}

Result<void> become_user(const std::string& user) {
  const passwd* const found = getpwnam(user.c_str());
  if (found == nullptr) {
    return Error{"--user: there is no user " + in_quotes(user) + " on this machine"};
  }
  if (geteuid() == found->pw_uid) return {};
  if (geteuid() != 0) return Error{"--user: only root can become another user; run it with sudo"};
  return take_identity(identity_of(found->pw_uid, found->pw_gid));
}

Identity own_identity() {
  Identity identity{geteuid(), getegid(), {}};
  const int count = getgroups(0, nullptr);
  identity.groups.resize(static_cast<std::size_t>(std::max(count, 0)));
  if (getgroups(count, identity.groups.data()) < 0) identity.groups.clear();
  return identity;
}

bool has_store(const std::string& spool) {
  struct stat file {};
  return stat(store_path(spool).c_str(), &file) == 0 || errno != ENOENT;
}

Result<std::unique_ptr<OperatorStore>> open_events_store(const std::string& spool,
                                                         Database::Access access_wanted) {
  const std::string path = store_path(spool);
  if (!has_store(spool)) {
    return Error{"the spool " + in_quotes(spool) +
                 " has no store yet: plivo-diald has never run on it; " +
                 remedy_for_dispatcher(DispatcherStart::kUnknown)};
  }
  const Result<struct stat> owner = owner_of(spool);
  if (!owner) return owner.error();
  // SQLite makes files beside the store, which are of the user who opens it.
  const bool makes_files = access_wanted == Database::Access::kChange ||
                           access(path_in_spool(spool, kStoreDirectory).c_str(), W_OK) == 0;
  if (geteuid() != owner->st_uid && makes_files) {
    return Error{"the store of " + in_quotes(spool) + " may be used by its owner alone; " +
                 remedy_for_refusal(spool, owner->st_uid)};
  }
  const int wanted = access_wanted == Database::Access::kChange ? R_OK | W_OK : R_OK;
  if (access(path.c_str(), wanted) != 0) {
    return Error{"cannot open the store " + in_quotes(path) + ": " + strerror(errno) + "; " +
                 remedy_for_refusal(path, owner->st_uid)};
  }
  Result<std::unique_ptr<OperatorStore>> store = OperatorStore::open(spool, access_wanted);
  if (!store && geteuid() != owner->st_uid) {
    return Error{store.error().message + "; " + remedy_for_refusal(path, owner->st_uid)};
  }
  return store;
}

Result<std::unique_ptr<OperatorStore>> open_events_store_of(EventsOptions& options,
                                                            Database::Access access) {
  Result<std::string> spool = enter_spool(options.spool);
  if (!spool) return spool.error();
  options.spool = std::move(*spool);
  return open_events_store(options.spool, access);
}

Error store_error(const OperatorStore& store, const Error& error) {
  switch (store.last_trouble()) {
    case DatabaseTrouble::kLocked:
      return Error{error.message +
                   ": another program has held the store for 5 s; try again, and if it stays so, "
                   "look who has it open (fuser)"};
    case DatabaseTrouble::kFull:
      return Error{error.message + ": make space on the spool's file system"};
    case DatabaseTrouble::kCorrupt:
      return Error{error.message +
                   ": the store is harmed; plivo-diald makes it anew from the spool's segments "
                   "when httpd is restarted"};
    case DatabaseTrouble::kTooLarge:  // the error names the limit
    case DatabaseTrouble::kNone:
    case DatabaseTrouble::kOther:
      break;
  }
  return error;
}

Result<void> check_sink_name(OperatorStore& store, const std::string& sink) {
  if (sink.empty()) return {};
  const Result<std::vector<OperatorStore::SinkName>> sinks = store.sinks();
  if (!sinks) return store_error(store, sinks.error());
  std::vector<std::string_view> names;
  std::string all;
  for (const OperatorStore::SinkName& known : *sinks) {
    if (known.name == sink) return {};
    names.push_back(known.name);
    all += (all.empty() ? "" : ", ") + known.name;
  }
  const std::optional<std::string_view> nearest = nearest_word(sink, names);
  return Error{"--sink: no sink is named " + in_quotes(sink) +
               (nearest ? "; did you mean " + std::string(*nearest) + "?"
                        : "; there are: " + (all.empty() ? "none" : all))};
}

namespace {

// Whether events are kept whose CallUUID begins so, as a list shows it beside their IDs.
bool names_a_call(OperatorStore& store, const std::string& text) {
  DeliveryFilter filter;
  filter.call = text;
  filter.limit = 1;
  const auto rows = store.list(filter);
  return !text.empty() && rows && !rows->empty();
}

std::string hint_at_call(const std::string& text) {
  return " is a CallUUID, and no event ID; its events: plivo-dialctl events list --call " + text;
}

}  // namespace

int IdSearch::exit_status() const {
  return impossible ? kExitUsage : kExitDiffers;
}

Result<IdSearch> find_event_id(OperatorStore& store, const std::string& written) {
  IdSearch search;
  std::string text = written;
  std::ranges::transform(text, text.begin(), to_small);  // ids and UUIDs have small letters
  if (text.size() < kShortestPrefix || text.size() > kEventIdLength) {
    const bool is_call = names_a_call(store, text);
    search.impossible = !is_call;
    search.message = in_quotes(text) + (is_call ? hint_at_call(text)
                                                : " is no event ID: one has 26 characters, of "
                                                  "which the first 8 or more are enough");
    return search;
  }
  Result<std::vector<std::string>> ids = store.ids_with_prefix(text, kShownCandidates + 1);
  if (!ids) return store_error(store, ids.error());
  if (ids->empty() && names_a_call(store, text)) {
    search.message = in_quotes(text) + hint_at_call(text);
    return search;
  }
  if (ids->empty()) {
    search.message = "no event " + in_quotes(text) +
                     " is kept: see plivo-dialctl events list; one that every sink has had is "
                     "forgotten after a day";
    return search;
  }
  if (ids->size() == 1) {
    search.id = ids->front();
    return search;
  }
  search.ambiguous = true;
  search.message = in_quotes(text) + " is the beginning of several event IDs:";
  for (std::size_t i = 0; i < ids->size() && i < kShownCandidates; ++i) {
    search.message += " " + (*ids)[i];
  }
  if (ids->size() > kShownCandidates) search.message += " and more";
  return search;
}

int report_events(std::string_view command, std::string_view message, int status) {
  std::fprintf(stderr, "plivo-dialctl events %.*s: %s\n", static_cast<int>(command.size()),
               command.data(), printable(message).c_str());
  return status;
}

}  // namespace plivo_dial::ctl
