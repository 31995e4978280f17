// SPDX-License-Identifier: Apache-2.0
#include "lib/status/refused_events.h"

#include <algorithm>
#include <cstring>

#include "lib/base/fnv1a.h"

namespace plivo_dial {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

// Never 0, which stands for no text.
std::uint64_t hash_of(std::string_view text) {
  const std::uint64_t hash = fnv1a(text);
  return hash == 0 ? 1 : hash;
}

// Whoever comes between two writers leaves a hash that does not fit, until the next one writes.
void write_text(StatusText& place, std::string_view text) {
  text = text.substr(0, StatusText::kBytes);
  const std::uint64_t hash = hash_of(text);
  if (place.hash.load(kRelaxed) == hash) return;
  place.hash.store(0, kRelaxed);
  for (std::size_t i = 0; i < StatusText::kWords; ++i) {
    const std::size_t begin = std::min(i * sizeof(std::uint64_t), text.size());
    const std::string_view part = text.substr(begin, sizeof(std::uint64_t));
    std::uint64_t word = 0;
    std::memcpy(&word, part.data(), part.size());
    place.words[i].store(word, kRelaxed);
  }
  place.hash.store(hash, std::memory_order_release);
}

// That of `user`, taken when it has none.
StatusRefusedEvents& entry_of(StatusFile& status, uid_t user) {
  const std::uint64_t wanted = std::uint64_t{user} + 1;
  for (StatusRefusedEvents& entry : status.refused_events) {
    std::uint64_t owner = entry.user.load(kRelaxed);
    if (owner == 0 && entry.user.compare_exchange_strong(owner, wanted)) return entry;
    if (owner == wanted) return entry;
  }
  return status.refused_events.back();
}

StatusNumber& counter_of(StatusRefusedEvents& entry, LostEvent what) {
  switch (what) {
    case LostEvent::kRefused:
      return entry.refused;
    case LostEvent::kLogged:
      return entry.logged;
    case LostEvent::kTrial:
      break;
  }
  return entry.failed_trials;
}

}  // namespace

void note_not_stored(StatusFile& status, uid_t user, LostEvent what, std::string_view reason,
                     std::int64_t now_us) {
  StatusRefusedEvents& entry = entry_of(status, user);
  const auto now = static_cast<std::uint64_t>(now_us);
  counter_of(entry, what).fetch_add(1, kRelaxed);
  entry.last_us.store(now, kRelaxed);
  write_text(entry.reason, reason);
  std::uint64_t none = 0;
  entry.since_us.compare_exchange_strong(none, now);
}

bool note_stored(StatusFile& status, uid_t user) {
  for (StatusRefusedEvents& entry : status.refused_events) {
    const std::uint64_t owner = entry.user.load(kRelaxed);
    if (owner == 0) return false;
    if (owner != std::uint64_t{user} + 1) continue;
    return entry.since_us.load(kRelaxed) != 0 && entry.since_us.exchange(0, kRelaxed) != 0;
  }
  return false;
}

bool trial_is_due(StatusFile& status, uid_t user, std::int64_t now_us, std::int64_t interval_us) {
  StatusRefusedEvents& entry = entry_of(status, user);
  const auto now = static_cast<std::uint64_t>(now_us);
  std::uint64_t last = entry.trial_us.load(kRelaxed);
  // A clock that was set back must not forbid trials for long.
  const bool recent = last <= now && now - last < static_cast<std::uint64_t>(interval_us);
  return !recent && entry.trial_us.compare_exchange_strong(last, now);
}

std::string read_status_text(const StatusText& text) {
  constexpr int kTries = 3;
  for (int i = 0; i < kTries; ++i) {
    const std::uint64_t hash = text.hash.load(std::memory_order_acquire);
    std::string bytes(StatusText::kBytes, '\0');
    for (std::size_t word = 0; word < StatusText::kWords; ++word) {
      const std::uint64_t value = text.words[word].load(kRelaxed);
      std::memcpy(bytes.data() + word * sizeof value, &value, sizeof value);
    }
    bytes.resize(std::min(bytes.find('\0'), bytes.size()));
    if (hash_of(bytes) == hash) return bytes;
  }
  return "";
}

}  // namespace plivo_dial
