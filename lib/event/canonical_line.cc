// SPDX-License-Identifier: Apache-2.0
#include "lib/event/canonical_line.h"

#include <span>

#include "lib/base/timestamp.h"
#include "lib/event/id.h"
#include "lib/json/json_scanner.h"

namespace plivo_dial {
namespace {

constexpr std::size_t kReceivedLength = 27;  // of what format_timestamp gives

// Goes through one line; each function passes over what it is named after, or returns false.
class CanonicalReader {
 public:
  CanonicalReader(std::string_view json, CanonicalLine& line)
      : json_(json), scanner_(json), line_(line) {}

  bool read() { return always() && delivery() && fields() && params() && scanner_.at_end(); }

 private:
  bool always() {
    if (!scanner_.skip("{\"v\":1") || !member("id", line_.id) || !is_event_id(line_.id))
      return false;
    if (!scanner_.skip(",\"seq\":")) return false;
    line_.before_seq = json_.substr(0, scanner_.place());
    if (!scanner_.natural(line_.seq)) return false;
    const std::size_t behind = scanner_.place();
    if (!received() || !member("event", line_.event) || !member("endpoint", line_.endpoint) ||
        !call() || !member("account", line_.account) || !scanner_.skip(",\"verified\":") ||
        !scanner_.flag(line_.verified) || !member("node", line_.node)) {
      return false;
    }
    line_.behind_seq = json_.substr(behind, scanner_.place() - behind);
    return true;
  }

  bool received() {
    std::string_view text;
    if (!member("received", text) || text.size() != kReceivedLength) return false;
    const std::optional<std::int64_t> time = parse_timestamp(text);
    line_.received_us = time.value_or(0);
    return time.has_value();
  }

  bool call() {
    if (!scanner_.skip(",\"call\":")) return false;
    return scanner_.skip("null") || scanner_.text(line_.call.emplace());
  }

  bool delivery() {
    line_.late = scanner_.skip(",\"late\":true");
    if (scanner_.skip(",\"attempt\":") && !scanner_.natural(line_.attempt.emplace())) return false;
    line_.rest = json_.substr(scanner_.place());
    return true;
  }

  // Up to the object of params.
  bool fields() {
    for (;;) {
      std::string_view name;
      if (!scanner_.skip(",") || !scanner_.text(name) || !scanner_.skip(":")) return false;
      if (name == "params") return true;
      if (!field(name)) return false;
    }
  }

  // Known fields come in the order of the table; behind them is the null of those that are not.
  bool field(std::string_view name) {
    const std::size_t first = scanner_.place();
    const bool is_null = scanner_.skip("null");
    std::size_t i = is_null ? 0 : next_;
    while (i < kEventFieldCount && known_[i].name != name) ++i;
    if (i == kEventFieldCount || !line_.fields[i].empty()) return false;
    if (is_null ? known_[i].number == nullptr : !value(known_[i])) return false;
    line_.fields[i] = json_.substr(first, scanner_.place() - first);
    next_ = is_null ? kEventFieldCount : i + 1;
    return true;
  }

  bool value(const EventField& field) {
    std::string_view text;
    bool flag = false;
    std::int64_t number = 0;
    return field.text != nullptr   ? scanner_.text(text)
           : field.flag != nullptr ? scanner_.flag(flag)
                                   : scanner_.integer(number);
  }

  bool params() {
    if (!scanner_.skip("{")) return false;
    const std::size_t first = scanner_.place();
    std::size_t behind = first;
    for (bool more = !scanner_.skip("}"); more; more = scanner_.skip(",")) {
      std::string_view name;
      if (!scanner_.text(name) || !scanner_.skip(":") || !values()) return false;
      behind = scanner_.place();
    }
    line_.params = json_.substr(first, behind - first);
    return scanner_.skip(behind == first ? "}" : "}}");
  }

  // Of one name: a text, or an array of several.
  bool values() {
    std::string_view text;
    if (!scanner_.skip("[")) {
      ++line_.pairs;
      return scanner_.text(text);
    }
    std::size_t count = 0;
    do {
      if (!scanner_.text(text)) return false;
      ++count;
    } while (scanner_.skip(","));
    line_.pairs += count;
    return count > 1 && scanner_.skip("]");
  }

  bool member(std::string_view name, std::string_view& text) {
    return scanner_.skip(",\"") && scanner_.skip(name) && scanner_.skip("\":") &&
           scanner_.text(text);
  }

  const std::span<const EventField, kEventFieldCount> known_ = event_fields();

  const std::string_view json_;
  JsonScanner scanner_;
  CanonicalLine& line_;
  std::size_t next_ = 0;  // the first of them that may come
};

}  // namespace

std::optional<CanonicalLine> read_canonical_line(std::string_view json) {
  std::optional<CanonicalLine> line(std::in_place);
  if (!CanonicalReader(json, *line).read()) line.reset();
  return line;
}

}  // namespace plivo_dial
