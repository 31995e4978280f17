// SPDX-License-Identifier: Apache-2.0
#include "lib/form/multipart.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/result.h"
#include "lib/base/text.h"
#include "lib/form/header_value.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kMaxBoundary = 70;

EventBodyError malformed(std::string_view rule, std::size_t offset) {
  return {EventBodyError::Kind::kMalformed,
          "the multipart body " + std::string(rule) + " (at byte " + std::to_string(offset) + ")"};
}

bool is_boundary_character(char c) {
  return is_letter_or_digit(c) ||
         std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
}

// `name` with the three characters put back that browsers write as escapes. Others they leave as
// they are, so that every other '%' means itself.
std::string unescape_name(std::string_view name) {
  std::string plain;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const std::string_view escape = name.substr(i, 3);
    const char c = same_header_word(escape, "%22")   ? '"'
                   : same_header_word(escape, "%0D") ? '\r'
                   : same_header_word(escape, "%0A") ? '\n'
                                                     : '\0';
    plain.push_back(c == '\0' ? name[i] : c);
    if (c != '\0') i += 2;
  }
  return plain;
}

// What the header fields of one part say.
class PartHeaders {
 public:
  // Takes one field without its line end; false when it is malformed or not allowed.
  bool take(std::string_view field) {
    const std::size_t colon = field.find(':');
    if (colon == std::string_view::npos) return false;
    const std::string_view name = field.substr(0, colon);
    const std::string_view value = trim_header(field.substr(colon + 1));
    if (!is_header_token(name)) return false;
    if (same_header_word(name, "Content-Transfer-Encoding")) return is_plain_encoding(value);
    return !same_header_word(name, "Content-Disposition") || take_disposition(value);
  }

  const std::optional<std::string>& name() const { return name_; }

 private:
  static bool is_plain_encoding(std::string_view value) {
    return same_header_word(value, "7bit") || same_header_word(value, "8bit") ||
           same_header_word(value, "binary");
  }

  // Two dispositions, or two names in one, would let two readers see two different forms.
  bool take_disposition(std::string_view value) {
    if (has_disposition_) return false;
    has_disposition_ = true;
    const auto disposition = parse_header_value(value);
    if (!disposition) return false;
    if (!same_header_word(disposition->word, "form-data")) return true;
    for (const HeaderParameter& parameter : disposition->parameters) {
      if (!same_header_word(parameter.name, "name")) continue;
      if (name_) return false;
      name_ = unescape_name(parameter.value);
    }
    return true;
  }

  bool has_disposition_ = false;
  std::optional<std::string> name_;
};

// Walks over the body from boundary to boundary.
class Reader {
 public:
  Reader(std::string_view body, std::string_view boundary, FormBuilder& pairs)
      : body_(body), delimiter_("\r\n--" + std::string(boundary)), pairs_(pairs) {}

  std::optional<EventBodyError> read() {
    find_first_delimiter();
    while (!error_ && !ended_) read_part();
    return std::move(error_);
  }

 private:
  std::string_view rest() const { return body_.substr(at_); }

  void fail(std::string_view rule) { error_ = malformed(rule, at_); }

  void skip_padding() {
    while (rest().starts_with(' ') || rest().starts_with('\t')) ++at_;
  }

  void find_first_delimiter() {
    // At the very start of the body no line end precedes it.
    const std::string_view line = std::string_view(delimiter_).substr(kLineEnd.size());
    if (body_.starts_with(line)) {
      at_ = line.size();
      return end_delimiter_line();
    }
    const std::size_t found = body_.find(delimiter_);
    if (found == std::string_view::npos) return fail("has no line with its boundary");
    at_ = found + delimiter_.size();
    end_delimiter_line();
  }

  // Reads from behind a boundary to the end of its line. A line that goes on otherwise breaks RFC
  // 2046 too: no content may have a line that begins with the boundary.
  void end_delimiter_line() {
    const bool last = rest().starts_with("--");
    if (last) at_ += 2;
    skip_padding();
    ended_ = last && (rest().empty() || rest().starts_with(kLineEnd));
    if (ended_) return;
    if (!rest().starts_with(kLineEnd)) {
      return fail("has something else behind a boundary on its line");
    }
    at_ += kLineEnd.size();
  }

  // Reads one part, and the boundary behind it.
  void read_part() {
    PartHeaders headers;
    if (!read_headers(headers)) return;
    // The boundary behind an empty content may share its line end with the empty line before.
    const std::size_t content = at_ + kLineEnd.size();
    const std::size_t end = body_.find(delimiter_, at_);
    if (end == std::string_view::npos) return fail("has a part without the boundary at its end");
    if (headers.name()) {
      const auto value = body_.substr(content, std::max(content, end) - content);
      const Result<void> added = pairs_.add(*headers.name(), value);
      if (!added) {
        error_ = {EventBodyError::Kind::kOverLimit, added.error().message};
        return;
      }
    }
    at_ = end + delimiter_.size();
    end_delimiter_line();
  }

  // Stops at the empty line that ends the headers.
  bool read_headers(PartHeaders& headers) {
    const std::size_t start = at_;
    std::size_t count = 0;
    while (!rest().starts_with(kLineEnd)) {
      const auto field = take_field(start + kMaxPartHeaderBytes);
      if (!field) return false;
      if (++count > kMaxPartHeaders) {
        fail("has a part with more than " + std::to_string(kMaxPartHeaders) + " header fields");
      } else if (!headers.take(*field)) {
        fail("has a part with a header field that is malformed or not served");
      }
      if (error_) return false;
    }
    return true;
  }

  // Takes one header field, which may be folded over several lines, and ends before `limit`.
  std::optional<std::string> take_field(std::size_t limit) {
    std::string field;
    do {
      const std::size_t end = body_.substr(0, limit).find(kLineEnd, at_);
      if (end == std::string_view::npos) {
        fail("has a part whose headers do not end within " + std::to_string(kMaxPartHeaderBytes) +
             " bytes");
        return std::nullopt;
      }
      const std::string_view line = body_.substr(at_, end - at_);
      if (line.starts_with(std::string_view(delimiter_).substr(kLineEnd.size()))) {
        fail("has a boundary among the headers of a part");
        return std::nullopt;
      }
      field.append(line);
      at_ = end + kLineEnd.size();
    } while (rest().starts_with(' ') || rest().starts_with('\t'));
    return field;
  }

  std::string_view body_;
  std::string delimiter_;  // with the line end that belongs to it
  FormBuilder& pairs_;
  std::size_t at_ = 0;
  bool ended_ = false;
  std::optional<EventBodyError> error_;
};

}  // namespace

bool is_multipart_boundary(std::string_view boundary) {
  return !boundary.empty() && boundary.size() <= kMaxBoundary && boundary.back() != ' ' &&
         std::ranges::all_of(boundary, is_boundary_character);
}

std::optional<EventBodyError> read_multipart(std::string_view body, std::string_view boundary,
                                             FormBuilder& pairs) {
  return Reader(body, boundary, pairs).read();
}

}  // namespace plivo_dial
