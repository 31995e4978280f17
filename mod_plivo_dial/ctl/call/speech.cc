// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/call/speech.h"

#include <algorithm>

#include "mod_plivo_dial/ctl/call/call_session.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::int64_t kMillisecondsPerWord = 400;
constexpr std::int64_t kPlayMilliseconds = 5000;

std::int64_t words_in(std::string_view text) {
  std::int64_t words = 0;
  bool inside = false;
  for (const char byte : text) {
    const bool space = byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
    if (!space && !inside) ++words;
    inside = !space;
  }
  return words;
}

std::int64_t tone_milliseconds(std::string_view digits) {
  std::int64_t total = 0;
  for (const char digit : digits) {
    // Plivo's pauses: w is half a second, W a whole one; a tone takes about 0.2 s.
    total += digit == 'w' ? 500 : digit == 'W' ? 1000 : 200;
  }
  return total;
}

}  // namespace

bool loops_forever(const Element& element) {
  return (element.name == "Speak" || element.name == "Play") && integer_or(element, "loop", 1) == 0;
}

std::optional<std::int64_t> prompt_milliseconds(const Element& element) {
  const std::int64_t loops = std::max<std::int64_t>(1, integer_or(element, "loop", 1));
  if (element.name == "Speak") return words_in(element.text) * kMillisecondsPerWord * loops;
  if (element.name == "Play") return kPlayMilliseconds * loops;
  if (element.name == "Wait") return integer_or(element, "length", 1) * 1000;
  if (element.name == "DTMF") return tone_milliseconds(element.text);
  return std::nullopt;
}

std::string seconds_text(std::int64_t milliseconds) {
  std::string text = std::to_string(milliseconds / 1000);
  const std::int64_t tenths = milliseconds % 1000 / 100;
  if (tenths != 0) text += "." + std::to_string(tenths);
  return text + " s";
}

}  // namespace plivo_dial::ctl
