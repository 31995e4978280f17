// SPDX-License-Identifier: Apache-2.0
#include "lib/store/event_log.h"

#include <algorithm>
#include <cstring>

#include "lib/store/byte_order.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kLogEntrySize = 60;
constexpr std::uint8_t kLate = 1;
constexpr std::uint8_t kPresumed = 2;

void put_entry(std::string* bytes, const LogEntry& entry) {
  put_number<8>(bytes, static_cast<std::uint64_t>(entry.accepted_us));
  put_number<8>(bytes, static_cast<std::uint64_t>(entry.even_us));
  put_number<8>(bytes, static_cast<std::uint64_t>(entry.lane));
  put_number<4>(bytes, entry.segment);
  put_number<4>(bytes, entry.offset);
  put_number<1>(bytes, entry.name);
  put_number<1>(bytes, (entry.late ? kLate : 0u) | (entry.presumed ? kPresumed : 0u));
  bytes->append(entry.id_bytes.data(), entry.id_bytes.size());
}

LogEntry entry_at(const std::uint8_t* bytes) {
  LogEntry entry;
  entry.accepted_us = static_cast<std::int64_t>(number_from<8>(bytes));
  entry.even_us = static_cast<std::int64_t>(number_from<8>(bytes + 8));
  entry.lane = static_cast<std::int64_t>(number_from<8>(bytes + 16));
  entry.segment = static_cast<std::uint32_t>(number_from<4>(bytes + 24));
  entry.offset = static_cast<std::uint32_t>(number_from<4>(bytes + 28));
  entry.name = bytes[32];
  entry.late = (bytes[33] & kLate) != 0;
  entry.presumed = (bytes[33] & kPresumed) != 0;
  std::memcpy(entry.id_bytes.data(), bytes + 34, entry.id_bytes.size());
  return entry;
}

// The entries of a row (first_seq, begun_ms, entries) whose numbers are in [from, before).
std::vector<LogEntry> entries_of(const Query& row, std::uint64_t from, std::uint64_t before) {
  const auto first = static_cast<std::uint64_t>(row.number(0));
  const std::span<const std::uint8_t> bytes = row.bytes(2);
  const std::uint64_t end = std::min(before, first + bytes.size() / kLogEntrySize);
  std::vector<LogEntry> entries;
  for (std::uint64_t seq = std::max(first, from); seq < end; ++seq) {
    entries.push_back(entry_at(bytes.data() + (seq - first) * kLogEntrySize));
    entries.back().seq = seq;
    entries.back().begun_ms = row.number(1);
  }
  return entries;
}

constexpr std::uint64_t kNoEnd = ~std::uint64_t{0};

}  // namespace

std::string_view LogEntry::id() const {
  const std::string_view all(id_bytes.data(), id_bytes.size());
  return all.substr(0, all.find('\0'));
}

void LogEntry::set_id(std::string_view id) {
  id_bytes.fill('\0');
  std::copy_n(id.data(), std::min(id.size(), id_bytes.size()), id_bytes.data());
}

void EventLog::append(std::span<const LogEntry> entries) {
  while (!entries.empty()) {
    std::size_t count = 1;
    while (count < entries.size() && count < kEntriesOfBlock &&
           entries[count].seq == entries[count - 1].seq + 1) {
      ++count;
    }
    append_block(entries.first(count));
    entries = entries.subspan(count);
  }
}

void EventLog::append_block(std::span<const LogEntry> entries) {
  std::string bytes;
  bytes.reserve(entries.size() * kLogEntrySize);
  std::int64_t high_us = 0;
  for (const LogEntry& entry : entries) {
    put_entry(&bytes, entry);
    high_us = std::max(high_us, entry.accepted_us);
  }
  // The highest time up to here only rises, so that the blocks are sorted by it as well.
  database_
      .query(
          "INSERT INTO block(first_seq, last_seq, high_us, begun_ms, entries) VALUES(?1, ?2, "
          "max(?3, ifnull((SELECT high_us FROM block WHERE first_seq < ?1 "
          "ORDER BY first_seq DESC LIMIT 1), 0)), ?4, ?5)",
          entries.front().seq, entries.back().seq, high_us, entries.front().begun_ms,
          bytes_of(bytes))
      .run();
}

std::optional<LogEntry> EventLog::find(std::uint64_t seq) {
  Query row = database_.query(
      "SELECT first_seq, begun_ms, entries FROM block WHERE first_seq <= ? "
      "ORDER BY first_seq DESC LIMIT 1",
      seq);
  if (!row.next()) return std::nullopt;
  const std::vector<LogEntry> found = entries_of(row, seq, seq + 1);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

std::vector<LogEntry> EventLog::from(std::uint64_t seq) {
  {
    Query row = database_.query(
        "SELECT first_seq, begun_ms, entries FROM block WHERE first_seq <= ? "
        "ORDER BY first_seq DESC LIMIT 1",
        seq);
    if (row.next()) {
      std::vector<LogEntry> entries = entries_of(row, seq, kNoEnd);
      if (!entries.empty()) return entries;
    }
  }
  Query next = database_.query(
      "SELECT first_seq, begun_ms, entries FROM block WHERE first_seq > ? "
      "ORDER BY first_seq LIMIT 1",
      seq);
  return next.next() ? entries_of(next, seq, kNoEnd) : std::vector<LogEntry>();
}

std::vector<LogEntry> EventLog::before(std::uint64_t seq) {
  Query row = database_.query(
      "SELECT first_seq, begun_ms, entries FROM block WHERE first_seq < ? "
      "ORDER BY first_seq DESC LIMIT 1",
      seq);
  return row.next() ? entries_of(row, 0, seq) : std::vector<LogEntry>();
}

std::optional<std::uint64_t> EventLog::first_since(std::int64_t us) {
  Query row = database_.query(
      "SELECT first_seq FROM block INDEXED BY block_high WHERE high_us >= ? "
      "ORDER BY high_us, first_seq LIMIT 1",
      us);
  if (!row.next()) return std::nullopt;
  return static_cast<std::uint64_t>(row.number(0));
}

bool EventLog::is_all_before(std::uint64_t seq, std::int64_t us) {
  Query row = database_.query(
      "SELECT high_us FROM block WHERE first_seq < ? ORDER BY first_seq DESC LIMIT 1", seq);
  return !row.next() || row.number(0) < us;
}

void EventLog::move(std::uint64_t seq, std::uint32_t segment, std::uint32_t offset) {
  std::vector<LogEntry> entries;
  {
    Query row = database_.query(
        "SELECT first_seq, begun_ms, entries FROM block WHERE first_seq <= ? "
        "ORDER BY first_seq DESC LIMIT 1",
        seq);
    if (row.next()) entries = entries_of(row, 0, kNoEnd);
  }
  std::string bytes;
  for (LogEntry& entry : entries) {
    if (entry.seq == seq) {
      entry.segment = segment;
      entry.offset = offset;
    }
    put_entry(&bytes, entry);
  }
  if (entries.empty()) return;
  database_
      .query("UPDATE block SET entries = ? WHERE first_seq = ?", bytes_of(bytes),
             entries.front().seq)
      .run();
}

void EventLog::remove_block_of(std::uint64_t seq) {
  database_
      .query(
          "DELETE FROM block WHERE first_seq = (SELECT first_seq FROM block WHERE first_seq <= ? "
          "ORDER BY first_seq DESC LIMIT 1)",
          seq)
      .run();
}

}  // namespace plivo_dial
