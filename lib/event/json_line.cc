// SPDX-License-Identifier: Apache-2.0
#include "lib/event/json_line.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "lib/base/utf8.h"
#include "lib/event/event_fields.h"
#include "lib/event/json.h"
#include "lib/json/json_value.h"
#include "lib/json/json_writer.h"

namespace plivo_dial {
namespace {

using Charset = JsonWriter::Charset;

constexpr std::size_t kLongJsonBytes = 200;

constexpr std::array<const char*, 6> kJsonCutOrder = {"node", "account", "endpoint",
                                                      "call", "event",   "id"};

std::string printed(std::string_view text) {
  return JsonWriter(Charset::kAscii).value(text).take();
}

// As many whole characters of `text` as kLongJsonBytes of JSON hold.
std::string cut(std::string text) {
  text.resize(std::min(text.size(), kLongJsonBytes));
  while (!is_valid_utf8(text) || printed(text).size() > kLongJsonBytes) text.pop_back();
  return text;
}

// One object, and what was taken out of it so that it fits.
class Line {
 public:
  Line(std::string text, std::size_t limit) : text_(std::move(text)), limit_(limit) {}

  bool fits() const { return text_.size() <= limit_; }

  // From now on members can be taken out.
  void read() {
    document_ = JsonDocument::parse(text_);
    for (const auto& [name, value] : document_->root().members()) {
      members_.push_back({std::string(name), value.print(Charset::kAscii), value});
    }
  }

  // Without it where it is long.
  void drop(std::string_view name, std::size_t longest = kLongJsonBytes) {
    const auto member = std::ranges::find(members_, name, &Member::name);
    if (member == members_.end() || member->printed.size() <= longest) return;
    members_.erase(member);
    note(name);
  }

  void shorten(std::string_view name) {
    const auto member = std::ranges::find(members_, name, &Member::name);
    if (member == members_.end() || member->printed.size() <= kLongJsonBytes) return;
    member->printed = printed(cut(std::string(member->value.text().value_or(""))));
    note(name);
  }

  std::string take(std::vector<std::string>* left_out) {
    if (left_out != nullptr) *left_out = std::move(left_out_);
    return std::move(text_);
  }

 private:
  struct Member {
    std::string name;
    std::string printed;
    JsonValue value;
  };

  void note(std::string_view name) {
    left_out_.emplace_back(name);
    JsonWriter json(Charset::kAscii);
    json.begin_object();
    for (const Member& member : members_) json.key(member.name).raw(member.printed);
    json.member("truncated", true).member("left_out", left_out_);
    text_ = json.end_object().take();
  }

  std::string text_;
  const std::size_t limit_;
  std::optional<JsonDocument> document_;
  std::vector<Member> members_;  // of the document
  std::vector<std::string> left_out_;
};

}  // namespace

std::string to_json_line(const Event& event, std::size_t limit,
                         std::vector<std::string>* left_out) {
  Line line(to_json(event, Charset::kAscii), limit);
  if (line.fits()) return line.take(left_out);
  line.read();
  line.drop("params", 0);
  line.drop("params_raw", 0);
  // The status goes last: it is what the line is for.
  for (const EventField* field : fields_left_out_of_json()) {
    if (line.fits()) return line.take(left_out);
    line.drop(field->name);
  }
  for (const char* key : kJsonCutOrder) {
    if (line.fits()) return line.take(left_out);
    line.shorten(key);
  }
  return line.take(left_out);
}

}  // namespace plivo_dial
