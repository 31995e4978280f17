// SPDX-License-Identifier: Apache-2.0
#include "lib/schedule/openings_view.h"

#include <algorithm>

#include "lib/base/crc32c.h"
#include "lib/base/utf8.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kCrcAt = 12;
constexpr std::size_t kTableSizeAt = 16;

// The number in `bytes` bytes at `at`, of which those behind the end count as 0.
std::uint64_t number_at(std::string_view text, std::size_t at, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes; i-- > 0;) {
    const unsigned char byte =
        at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : std::uint8_t{0};
    value = value << 8 | byte;
  }
  return value;
}

std::uint32_t u32_at(std::string_view text, std::size_t at) {
  return static_cast<std::uint32_t>(number_at(text, at, 4));
}

// Damaged bytes may hold any number, with which nobody could calculate.
Instant instant_in(std::string_view text, std::size_t at) {
  const auto value = static_cast<Instant>(number_at(text, at, 8));
  return std::clamp(value, kEarliestInstant, kLatestInstant);
}

bool is_instant(std::string_view text, std::size_t at) {
  return instant_in(text, at) == static_cast<Instant>(number_at(text, at, 8));
}

Error damaged(std::string_view what) {
  return Error{"the table of openings is damaged: " + std::string(what) + "; make it anew"};
}

}  // namespace

OffsetChange OffsetsInPlace::operator[](std::size_t index) const {
  const std::size_t at = index * kOpeningsEntrySize;
  const auto seconds = static_cast<std::int32_t>(u32_at(bytes_, at + 8));
  return {instant_in(bytes_, at), std::clamp(seconds, -kLargestOffset, kLargestOffset)};
}

Result<OpeningsView> OpeningsView::open(std::string_view bytes) {
  if (bytes.size() < kOpeningsHeaderSize) return damaged("it is cut short");
  if (!bytes.starts_with(kOpeningsMagic)) return damaged("it begins otherwise");
  if (const std::uint32_t version = u32_at(bytes, kOpeningsMagic.size());
      version != kOpeningsVersion) {
    return Error{"the table of openings is of version " + std::to_string(version) +
                 ", and this program reads version " + std::to_string(kOpeningsVersion) +
                 "; make it anew"};
  }
  const std::size_t size = u32_at(bytes, kTableSizeAt);
  const std::size_t offsets = u32_at(bytes, 20);
  const std::size_t changes = u32_at(bytes, 24);
  const std::size_t reasons = u32_at(bytes, 28);
  const std::size_t text = u32_at(bytes, 32);
  if (offsets == 0 || offsets > kMostOffsets)
    return damaged("its zone has no offsets that are any");
  if (changes == 0 || changes > kMostChanges) return damaged("it has no changes that are any");
  if (reasons > changes || text > kMostReasonText) return damaged("it has too many reasons");
  // None of these products can overflow: they are bounded above.
  const std::size_t changes_at = kOpeningsHeaderSize + offsets * kOpeningsEntrySize;
  const std::size_t reasons_at = changes_at + changes * kOpeningsEntrySize;
  const std::size_t text_at = reasons_at + reasons * kOpeningsReasonSize;
  if (size != text_at + text) return damaged("its parts do not make its size");
  if (size > bytes.size()) return damaged("it is cut short");
  OpeningsView view;
  view.bytes_ = bytes.substr(0, size);
  view.offsets_ =
      OffsetsInPlace(bytes.substr(kOpeningsHeaderSize, changes_at - kOpeningsHeaderSize));
  view.changes_ = bytes.substr(changes_at, reasons_at - changes_at);
  view.reasons_ = bytes.substr(reasons_at, text_at - reasons_at);
  view.text_ = bytes.substr(text_at, text);
  view.from_ = instant_in(bytes, 40);
  view.until_ = instant_in(bytes, 48);
  return view;
}

Result<void> OpeningsView::check() const {
  if (crc32c(bytes_.substr(kTableSizeAt)) != u32_at(bytes_, kCrcAt)) {
    return damaged("its check value is another one");
  }
  if (!is_instant(bytes_, 40) || !is_instant(bytes_, 48) || from_ >= until_) {
    return damaged("its period is none");
  }
  if (Result<void> good = check_offsets(); !good) return good;
  if (Result<void> good = check_changes(); !good) return good;
  return check_reasons();
}

Result<void> OpeningsView::check_offsets() const {
  const std::string_view bytes = bytes_.substr(kOpeningsHeaderSize);
  for (std::size_t i = 0; i < offsets_.size(); ++i) {
    const std::size_t at = i * kOpeningsEntrySize;
    const auto seconds = static_cast<std::int32_t>(u32_at(bytes, at + 8));
    const bool in_order = i == 0 || offsets_[i - 1].at < offsets_[i].at;
    if (!is_instant(bytes, at) || seconds != offsets_[i].seconds || !in_order) {
      return damaged("offset " + std::to_string(i) + " of its zone is none");
    }
  }
  return {};
}

Result<void> OpeningsView::check_changes() const {
  const std::size_t reasons = reasons_.size() / kOpeningsReasonSize;
  for (std::size_t i = 0; i < change_count(); ++i) {
    const std::size_t at = i * kOpeningsEntrySize;
    const OpeningsChange one = change(i);
    const bool in_order = i == 0 ? one.at == from_ : change(i - 1).at < one.at;
    const bool is_state = u32_at(changes_, at + 12) <= 1;
    if (!is_instant(changes_, at) || !in_order || one.at >= until_ || !is_state ||
        one.reason >= reasons) {
      return damaged("change " + std::to_string(i) + " is none");
    }
  }
  return {};
}

Result<void> OpeningsView::check_reasons() const {
  std::size_t end = 0;
  for (std::size_t at = 0; at < reasons_.size(); at += kOpeningsReasonSize) {
    const std::size_t length = u32_at(reasons_, at + 4);
    if (u32_at(reasons_, at) != end || length > text_.size() - end ||
        !is_valid_utf8(text_.substr(end, length))) {
      return damaged("reason " + std::to_string(at / kOpeningsReasonSize) + " is no text");
    }
    end += length;
  }
  return end == text_.size() ? Result<void>() : damaged("its text is longer than its reasons");
}

OpeningsChange OpeningsView::change(std::size_t index) const {
  const std::size_t at = index * kOpeningsEntrySize;
  return {instant_in(changes_, at), u32_at(changes_, at + 12) == 1, u32_at(changes_, at + 8)};
}

std::string_view OpeningsView::reason(std::uint32_t index) const {
  if (index >= reasons_.size() / kOpeningsReasonSize) return {};
  const std::size_t at = index * kOpeningsReasonSize;
  const std::size_t start = u32_at(reasons_, at);
  return start > text_.size() ? std::string_view() : text_.substr(start, u32_at(reasons_, at + 4));
}

// Index of the last change that is not behind `instant`; 0 when all are.
std::size_t OpeningsView::change_at(Instant instant) const {
  std::size_t low = 0;
  for (std::size_t high = change_count(); low + 1 < high;) {
    const std::size_t middle = low + (high - low) / 2;
    (change(middle).at <= instant ? low : high) = middle;
  }
  return low;
}

std::optional<OpeningsState> OpeningsView::state_at(Instant instant) const {
  if (instant < from_ || instant >= until_) return std::nullopt;
  const OpeningsChange last = change(change_at(instant));
  return OpeningsState{last.open, reason(last.reason), last.at};
}

std::optional<Instant> OpeningsView::next_change(Instant instant) const {
  if (instant < from_ || instant >= until_) return std::nullopt;
  const std::size_t now = change_at(instant);
  for (std::size_t i = now + 1; i < change_count(); ++i) {
    if (change(i).open != change(now).open) return change(i).at;
  }
  return std::nullopt;
}

Openings OpeningsView::decode() const {
  Openings openings{from_, until_, {}, {}, {}};
  for (std::size_t i = 0; i < offsets_.size(); ++i) openings.offsets.push_back(offsets_[i]);
  for (std::size_t i = 0; i < change_count(); ++i) openings.changes.push_back(change(i));
  for (std::uint32_t i = 0; i < reasons_.size() / kOpeningsReasonSize; ++i) {
    openings.reasons.emplace_back(reason(i));
  }
  return openings;
}

}  // namespace plivo_dial
