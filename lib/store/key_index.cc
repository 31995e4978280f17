// SPDX-License-Identifier: Apache-2.0
#include "lib/store/key_index.h"

#include <algorithm>
#include <string>
#include <utility>

#include "lib/base/fnv1a.h"
#include "lib/store/byte_order.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kKeysOfRun = 49'152;  // three quarters of a power of two
constexpr std::size_t kKeysOfPage = 64;     // on average
constexpr std::int64_t kPagesOfRun = 4096;  // at most
constexpr std::int64_t kTimeOfRun = std::chrono::microseconds(std::chrono::hours(24)).count();
constexpr std::int64_t kPagesAtATime = 64;  // that are forgotten
constexpr std::size_t kFewestSlots = 1024;
constexpr std::size_t kKeySize = 14;
constexpr int kKindBits = 2;

std::uint64_t value_of(KeyKind kind, std::uint64_t seq) {
  return seq << kKindBits | static_cast<std::uint64_t>(kind);
}

bool is_of_kind(std::uint64_t value, KeyKind kind) {
  return (value & ((1u << kKindBits) - 1)) == static_cast<std::uint64_t>(kind);
}

// Calls `visit` with hash and value of each.
template <class Visit>
void for_each_entry(std::span<const std::uint8_t> bytes, const Visit& visit) {
  for (std::size_t at = 0; at + kKeySize <= bytes.size(); at += kKeySize) {
    visit(number_from<8>(&bytes[at]), number_from<6>(&bytes[at + 8]));
  }
}

void put_entry_of_key(std::string* bytes, std::uint64_t hash, std::uint64_t value) {
  put_number<8>(bytes, hash);
  put_number<6>(bytes, value);
}

// Which of a run's pages has the hash.
std::int64_t page_of(std::uint64_t hash, std::int64_t pages) {
  return static_cast<std::int64_t>((hash >> 32) * static_cast<std::uint64_t>(pages) >> 32);
}

}  // namespace

std::uint64_t hash_of(const WebhookKey& key) {
  return number_from<8>(key.data());
}

std::uint64_t hash_of_id(std::string_view id) {
  // The last step of FNV spreads over the low bits, and pages go by the high ones.
  return fnv1a(id) * 0x9E3779B97F4A7C15u;
}

void KeyIndex::load(Database& database) {
  const MutexLock guard(mutex_);
  forget_recent();
  unsaved_.clear();
  runs_.clear();
  next_run_.reset();
  oldest_us_ = newest_us_ = 0;
  Query recent = database.query("SELECT entries, age_us FROM recent ORDER BY number");
  while (recent.next()) {
    newest_us_ = recent.number(1);
    if (recent_.empty()) oldest_us_ = newest_us_;
    for_each_entry(recent.bytes(0), [this](std::uint64_t hash, std::uint64_t value)
                                        PLIVO_REQUIRES(mutex_) { insert(hash, value); });
  }
  Query runs = database.query("SELECT number, pages, filter FROM key_run ORDER BY number");
  while (runs.next()) {
    runs_.push_back({runs.number(0), runs.number(1), KeyFilter::decode(runs.bytes(2))});
  }
}

void KeyIndex::forget_recent() {
  recent_ = std::vector<Entry>();
  slots_ = std::vector<std::uint32_t>(kFewestSlots);
  used_slots_ = 0;
}

// The one that has the hash, or is free for it.
std::size_t KeyIndex::slot_of(std::uint64_t hash) const {
  std::size_t slot = hash % slots_.size();
  while (slots_[slot] != 0 && recent_[slots_[slot] - 1].hash != hash) {
    slot = (slot + 1) % slots_.size();
  }
  return slot;
}

void KeyIndex::insert(std::uint64_t hash, std::uint64_t value) {
  if (4 * (used_slots_ + 1) > 3 * slots_.size()) grow();
  std::uint32_t& last = slots_[slot_of(hash)];
  used_slots_ += last == 0 ? 1 : 0;
  recent_.push_back({hash, value, last});
  last = static_cast<std::uint32_t>(recent_.size());
}

void KeyIndex::grow() {
  const std::vector<std::uint32_t> before =
      std::exchange(slots_, std::vector<std::uint32_t>(std::max(kFewestSlots, 2 * slots_.size())));
  for (const std::uint32_t place : before) {
    if (place != 0) slots_[slot_of(recent_[place - 1].hash)] = place;
  }
}

std::vector<std::uint64_t> KeyIndex::find(Database& database, KeyKind kind,
                                          std::uint64_t hash) const {
  std::vector<std::uint64_t> found;
  const MutexLock guard(mutex_);
  for (const Run& run : runs_) {
    if (run.filter.may_have(hash)) {
      read_page(database, run.number * kPagesOfRun + page_of(hash, run.pages), kind, hash, &found);
    }
  }
  std::uint32_t place = slots_.empty() ? 0 : slots_[slot_of(hash)];
  while (place != 0) {
    const Entry& entry = recent_[place - 1];
    if (is_of_kind(entry.value, kind)) found.push_back(entry.value >> kKindBits);
    place = entry.before;
  }
  std::ranges::sort(found);
  return found;
}

void KeyIndex::read_page(Database& database, std::int64_t page, KeyKind kind, std::uint64_t hash,
                         std::vector<std::uint64_t>* found) {
  Query row = database.query("SELECT entries FROM key_page WHERE number = ?", page);
  if (!row.next()) return;
  for_each_entry(row.bytes(0), [&](std::uint64_t key, std::uint64_t value) {
    if (key == hash && is_of_kind(value, kind)) found->push_back(value >> kKindBits);
  });
}

void KeyIndex::add(KeyKind kind, std::uint64_t hash, std::uint64_t seq) {
  const MutexLock guard(mutex_);
  insert(hash, value_of(kind, seq));
  unsaved_.push_back({hash, value_of(kind, seq), 0});
}

void KeyIndex::save(Database& database, std::int64_t age_us) {
  const MutexLock guard(mutex_);
  if (unsaved_.empty()) return;
  if (recent_.size() == unsaved_.size()) oldest_us_ = age_us;
  newest_us_ = age_us;
  std::string bytes;
  bytes.reserve(unsaved_.size() * kKeySize);
  for (const Entry& entry : unsaved_) put_entry_of_key(&bytes, entry.hash, entry.value);
  unsaved_.clear();
  database.query("INSERT INTO recent(age_us, entries) VALUES(?, ?)", age_us, bytes_of(bytes)).run();
  if (is_full(age_us)) write_run(database);
}

bool KeyIndex::is_full(std::int64_t age_us) const {
  return recent_.size() >= kKeysOfRun || (!recent_.empty() && age_us - oldest_us_ >= kTimeOfRun);
}

// Rows in the order of their numbers fill the pages of the file.
void KeyIndex::write_run(Database& database) {
  std::vector<Entry> entries = recent_;
  std::ranges::sort(entries, {},
                    [](const Entry& entry) { return std::pair(entry.hash, entry.value); });
  Run run{runs_.empty() ? 1 : runs_.back().number + 1,
          static_cast<std::int64_t>(
              std::min<std::size_t>(kPagesOfRun, entries.size() / kKeysOfPage + 1)),
          KeyFilter(entries.size())};
  std::string page;
  std::uint64_t last_value = 0;
  auto entry = entries.begin();
  for (std::int64_t number = 0; number < run.pages; ++number) {
    page.clear();
    for (; entry != entries.end() && page_of(entry->hash, run.pages) == number; ++entry) {
      run.filter.add(entry->hash);
      last_value = std::max(last_value, entry->value);
      put_entry_of_key(&page, entry->hash, entry->value);
    }
    database
        .query("INSERT INTO key_page(number, entries) VALUES(?, ?)",
               run.number * kPagesOfRun + number, bytes_of(page))
        .run();
  }
  database
      .query("INSERT INTO key_run(number, pages, age_us, last_seq, filter) VALUES(?, ?, ?, ?, ?)",
             run.number, run.pages, newest_us_, last_value >> kKindBits,
             bytes_of(run.filter.encode()))
      .run();
  database.query("DELETE FROM recent").run();
  next_run_ = std::move(run);
}

void KeyIndex::publish() {
  const MutexLock guard(mutex_);
  if (!next_run_) return;
  runs_.push_back(std::move(*next_run_));
  next_run_.reset();
  forget_recent();
}

bool KeyIndex::forget_some(Database& database, std::int64_t age_us, std::chrono::microseconds keep,
                           std::uint64_t first_kept) {
  const MutexLock guard(mutex_);
  if (is_full(age_us)) write_run(database);
  if (runs_.empty()) return false;
  const Run& oldest = runs_.front();
  const std::int64_t first = oldest.number * kPagesOfRun;
  {
    Query row =
        database.query("SELECT age_us, last_seq FROM key_run WHERE number = ?", oldest.number);
    if (!row.next() || row.number(0) > age_us - keep.count() ||
        static_cast<std::uint64_t>(row.number(1)) >= first_kept) {
      return false;
    }
  }
  const std::int64_t forgotten =
      database
          .query(
              "DELETE FROM key_page WHERE number IN (SELECT number FROM key_page "
              "WHERE number >= ? AND number < ? ORDER BY number LIMIT ?)",
              first, first + kPagesOfRun, kPagesAtATime)
          .run();
  if (forgotten == kPagesAtATime) return true;
  database.query("DELETE FROM key_run WHERE number = ?", oldest.number).run();
  if (!database.failed()) runs_.erase(runs_.begin());
  return true;
}

std::vector<std::uint64_t> KeyIndex::find_in_store(Database& database, KeyKind kind,
                                                   std::uint64_t hash) {
  std::vector<std::uint64_t> found;
  std::vector<std::pair<std::int64_t, std::int64_t>> runs;
  {
    Query rows = database.query("SELECT number, pages FROM key_run ORDER BY number");
    while (rows.next()) runs.emplace_back(rows.number(0), rows.number(1));
  }
  for (const auto& [run, pages] : runs) {
    read_page(database, run * kPagesOfRun + page_of(hash, pages), kind, hash, &found);
  }
  Query recent = database.query("SELECT entries FROM recent");
  while (recent.next()) {
    for_each_entry(recent.bytes(0), [&](std::uint64_t key, std::uint64_t value) {
      if (key == hash && is_of_kind(value, kind)) found.push_back(value >> kKindBits);
    });
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace plivo_dial
