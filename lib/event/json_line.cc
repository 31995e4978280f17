// SPDX-License-Identifier: Apache-2.0
#include "lib/event/json_line.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "lib/base/utf8.h"
#include "lib/event/event_fields.h"
#include "lib/event/json.h"

namespace plivo_dial {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongJsonBytes = 200;

constexpr std::array<const char*, 6> kJsonCutOrder = {"node", "account", "endpoint",
                                                      "call", "event",   "id"};

std::string dump(const Json& json) {
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

// As many whole characters of `text` as kLongJsonBytes of JSON hold.
std::string cut(std::string text) {
  text.resize(std::min(text.size(), kLongJsonBytes));
  while (!is_valid_utf8(text) || dump(Json(text)).size() > kLongJsonBytes) text.pop_back();
  return text;
}

// One object, and what was taken out of it so that it fits.
class Line {
 public:
  Line(Json json, std::size_t limit) : json_(std::move(json)), limit_(limit) {}

  bool fits() {
    text_ = dump(json_);
    return text_.size() <= limit_;
  }

  // Without it where it is long.
  void drop(const std::string& key, std::size_t longest = kLongJsonBytes) {
    const auto found = json_.find(key);
    if (found == json_.end() || dump(*found).size() <= longest) return;
    json_.erase(found);
    note(key);
  }

  void shorten(const std::string& key) {
    const auto found = json_.find(key);
    if (found == json_.end() || dump(*found).size() <= kLongJsonBytes) return;
    *found = cut(found->get<std::string>());
    note(key);
  }

  std::string take(std::vector<std::string>* left_out) {
    if (left_out != nullptr) *left_out = std::move(left_out_);
    return std::move(text_);
  }

 private:
  void note(const std::string& key) {
    left_out_.emplace_back(key);
    json_["truncated"] = true;
    json_["left_out"] = left_out_;
  }

  Json json_;
  const std::size_t limit_;
  std::string text_;
  std::vector<std::string> left_out_;
};

}  // namespace

std::string to_json_line(const Event& event, std::size_t limit,
                         std::vector<std::string>* left_out) {
  Line line(Json::parse(to_json(event), nullptr, /*allow_exceptions=*/false), limit);
  if (line.fits()) return line.take(left_out);
  line.drop("params", 0);
  line.drop("params_raw", 0);
  // The status goes last: it is what the line is for.
  for (const EventField* field : fields_left_out_of_json()) {
    if (line.fits()) return line.take(left_out);
    line.drop(std::string(field->name));
  }
  for (const char* key : kJsonCutOrder) {
    if (line.fits()) return line.take(left_out);
    line.shorten(key);
  }
  line.fits();
  return line.take(left_out);
}

}  // namespace plivo_dial
