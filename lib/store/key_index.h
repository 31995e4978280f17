// File: lib/store/key_index.h
//
// By which keys events can be found: the keys of their duplicates, their ids, their calls. A key is
// a hash of 64 bits, so who must be sure looks at the event that is found.
//
// New keys stand in memory, and in the table `recent`, a row for each import. When there are many,
// or after a day, they are written in order as a run: rows of `key_page`, each with the keys of one
// range of hashes, and one in `key_run` with a filter by which most runs need no look. A run is
// forgotten as a whole, so that a key is remembered for as long as it has to be, or a little
// longer.
//
//   index.add(KeyKind::kId, hash_of_id(id), seq);
//   index.save(database, {age_us});                  // within the import's transaction
//   index.find(database, KeyKind::kId, hash_of_id(id))   -> {seq}
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/base/mutex.h"
#include "lib/store/database.h"
#include "lib/store/key_filter.h"
#include "lib/webhook/webhook_key.h"

namespace plivo_dial {

enum class KeyKind : std::uint8_t { kDuplicate = 0, kId = 1, kCall = 2 };

std::uint64_t hash_of(const WebhookKey& key);
std::uint64_t hash_of_id(std::string_view id);

// Thread-safe, but for the databases that it is given. Those share their failures with it.
class KeyIndex {
 public:
  // Forgets what it knows and learns what the store has.
  void load(Database& database);

  // The numbers of the events that have the key, rising. Within a transaction, of which this must
  // be the first look, unless it is one that changes.
  std::vector<std::uint64_t> find(Database& database, KeyKind kind, std::uint64_t hash) const;

  // Found from now on; in the store with the next save().
  void add(KeyKind kind, std::uint64_t hash, std::uint64_t seq);

  // Within a transaction: writes what was added. `age_us` is the store's.
  void save(Database& database, std::int64_t age_us);

  // Behind a transaction with save() or forget_some() that is durable. After one that failed load()
  // anew.
  void publish();

  // Within a transaction: forgets a part of the oldest run, where that is older than `keep` and of
  // events before `first_kept`. Whether there is more.
  bool forget_some(Database& database, std::int64_t age_us, std::chrono::microseconds keep,
                   std::uint64_t first_kept);

  // The same for who has the store alone and not what is in memory: each run is looked at.
  static std::vector<std::uint64_t> find_in_store(Database& database, KeyKind kind,
                                                  std::uint64_t hash);

 private:
  struct Entry {
    std::uint64_t hash = 0;
    std::uint64_t value = 0;   // number and kind
    std::uint32_t before = 0;  // the place, from 1, of another one with this hash; 0: none
  };
  struct Run {
    std::int64_t number = 0;
    std::int64_t pages = 0;
    KeyFilter filter;
  };

  void forget_recent() PLIVO_REQUIRES(mutex_);
  void insert(std::uint64_t hash, std::uint64_t value) PLIVO_REQUIRES(mutex_);
  std::size_t slot_of(std::uint64_t hash) const PLIVO_REQUIRES(mutex_);
  void grow() PLIVO_REQUIRES(mutex_);
  void write_run(Database& database) PLIVO_REQUIRES(mutex_);
  bool is_full(std::int64_t age_us) const PLIVO_REQUIRES(mutex_);
  static void read_page(Database& database, std::int64_t page, KeyKind kind, std::uint64_t hash,
                        std::vector<std::uint64_t>* found);

  mutable Mutex mutex_;
  std::vector<Entry> recent_ PLIVO_GUARDED_BY(mutex_);
  // By the hash, with open addressing: the place, from 1, of the last entry that has it. All with
  // one hash share a slot, since a call may have any number of events.
  std::vector<std::uint32_t> slots_ PLIVO_GUARDED_BY(mutex_);
  std::size_t used_slots_ PLIVO_GUARDED_BY(mutex_) = 0;
  std::int64_t oldest_us_ PLIVO_GUARDED_BY(mutex_) = 0;  // of those, by the store's age
  std::int64_t newest_us_ PLIVO_GUARDED_BY(mutex_) = 0;
  std::vector<Entry> unsaved_ PLIVO_GUARDED_BY(mutex_);
  std::vector<Run> runs_ PLIVO_GUARDED_BY(mutex_);  // oldest first
  // Of all that is recent; not durable yet, so that not everybody who looks would find it.
  std::optional<Run> next_run_ PLIVO_GUARDED_BY(mutex_);
};

}  // namespace plivo_dial
