// SPDX-License-Identifier: Apache-2.0
#include "lib/store/sink_book.h"

#include <algorithm>
#include <utility>

#include "lib/store/byte_order.h"

namespace plivo_dial {

namespace {

bool has_name(const SinkSpan& span, std::string_view event_name) {
  return span.events.empty() || std::ranges::find(span.events, event_name) != span.events.end();
}

}  // namespace

bool SinkState::was_given(std::uint64_t seq, std::string_view event_name) const {
  return std::ranges::any_of(spans, [&](const SinkSpan& span) {
    return seq >= span.first && seq <= span.last && has_name(span, event_name);
  });
}

bool SinkState::takes_now(std::string_view event_name) const {
  return configured && !spans.empty() && spans.back().last == SinkSpan::kOpen &&
         has_name(spans.back(), event_name);
}

std::string list_of_events(const std::vector<std::string>& events) {
  std::string list;
  for (const std::string& event : events) list += (list.empty() ? "" : ",") + event;
  return list;
}

std::vector<std::string> events_of_list(std::string_view list) {
  std::vector<std::string> events;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    events.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return events;
}

std::vector<SinkState> read_sinks(Database& database, const std::string& name) {
  std::vector<SinkState> sinks;
  {
    Query rows = database.query(
        "SELECT number, name, configured, progress FROM sink WHERE ?1 = '' OR name = ?1 "
        "ORDER BY name",
        name);
    while (rows.next()) {
      SinkState sink;
      sink.id = rows.number(0);
      sink.name = rows.text(1);
      sink.configured = rows.number(2) != 0;
      sink.progress = SinkProgress::decode(rows.bytes(3)).value_or(SinkProgress());
      sinks.push_back(std::move(sink));
    }
  }
  for (SinkState& sink : sinks) {
    Query spans = database.query(
        "SELECT first_seq, last_seq, events FROM span WHERE sink = ? ORDER BY first_seq", sink.id);
    while (spans.next()) {
      sink.spans.push_back({static_cast<std::uint64_t>(spans.number(0)),
                            static_cast<std::uint64_t>(spans.number(1)),
                            events_of_list(spans.text(2))});
    }
  }
  return sinks;
}

void SinkBook::load(Database& database) {
  replace(read_sinks(database));
}

void SinkBook::replace(std::vector<SinkState> sinks) {
  const MutexLock guard(mutex_);
  sinks_.clear();
  for (SinkState& sink : sinks) sinks_[sink.id] = std::move(sink);
}

void SinkBook::publish(SinkState state) {
  const MutexLock guard(mutex_);
  sinks_[state.id] = std::move(state);
}

void SinkBook::publish_progress(SinkId sink, SinkProgress progress) {
  const MutexLock guard(mutex_);
  sinks_[sink].progress = std::move(progress);
}

void SinkBook::pass(SinkId sink, std::uint64_t first, std::uint64_t last) {
  const MutexLock guard(mutex_);
  const auto found = sinks_.find(sink);
  if (found != sinks_.end()) found->second.progress.settle(first, last);
}

std::optional<SinkState> SinkBook::find(SinkId sink) const {
  const MutexLock guard(mutex_);
  const auto found = sinks_.find(sink);
  return found == sinks_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<SinkState> SinkBook::all() const {
  const MutexLock guard(mutex_);
  std::vector<SinkState> all;
  all.reserve(sinks_.size());
  for (const auto& [id, sink] : sinks_) all.push_back(sink);
  return all;
}

void write_progress(Database& database, SinkId sink, const SinkProgress& progress) {
  const std::string bytes = progress.encode();
  database.query("UPDATE sink SET progress = ? WHERE number = ?", bytes_of(bytes), sink).run();
}

void begin_span(Database& database, SinkId sink, const SinkSpan& span) {
  database
      .query("INSERT OR REPLACE INTO span(sink, first_seq, last_seq, events) VALUES(?, ?, ?, ?)",
             sink, span.first, span.last, list_of_events(span.events))
      .run();
}

void end_span(Database& database, SinkId sink, const SinkSpan& span, std::uint64_t last) {
  if (last < span.first) {
    database.query("DELETE FROM span WHERE sink = ? AND first_seq = ?", sink, span.first).run();
  } else {
    database
        .query("UPDATE span SET last_seq = ? WHERE sink = ? AND first_seq = ?", last, sink,
               span.first)
        .run();
  }
}

}  // namespace plivo_dial
