// SPDX-License-Identifier: Apache-2.0
#include "lib/document/remarks.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "lib/base/in_quotes.h"
#include "lib/base/odd_characters.h"
#include "lib/base/text.h"
#include "lib/document/voices.h"

namespace plivo_dial {
namespace {

using Remarks = std::vector<std::string>;

// The first character reference in `text` ("&amp;", "&#39;"), or "".
std::string_view entity_in(std::string_view text) {
  for (std::size_t at = text.find('&'); at != std::string_view::npos; at = text.find('&', at + 1)) {
    const std::size_t end = text.find(';', at);
    if (end == std::string_view::npos) return {};
    std::string_view name = text.substr(at + 1, end - at - 1);
    constexpr std::array<std::string_view, 6> kNames = {"amp", "lt", "gt", "quot", "apos", "nbsp"};
    const bool numeric = name.size() > 1 && name.front() == '#' &&
                         std::ranges::all_of(name.substr(1), is_letter_or_digit);
    if (numeric || std::ranges::find(kNames, name) != kNames.end()) {
      return text.substr(at, end - at + 1);
    }
  }
  return {};
}

// The first tag in `text` ("<break time=...>", "</p>"), or "".
std::string_view tag_in(std::string_view text) {
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const std::size_t end = text.find('>', at);
    if (end == std::string_view::npos) return {};
    std::string_view name = text.substr(at + 1);
    if (name.starts_with('/')) name.remove_prefix(1);
    if (is_letter_or_digit(name.front())) return text.substr(at, end - at + 1);
  }
  return {};
}

void remark_on_entities(const Element& element, Remarks& remarks) {
  const auto remark = [&](const std::string& where, std::string_view text) {
    const std::string_view entity = entity_in(text);
    if (entity.empty()) return;
    remarks.push_back(where + " holds " + in_quotes(entity) +
                      ", which is taken as it stands; write the character itself");
  };
  for (const Attribute& attribute : element.attributes) remark(attribute.name, attribute.value);
  remark(element.name == "Play" ? "the URL" : "the text", element.text);
}

void remark_on_speak(const Element& speak, Remarks& remarks) {
  if (const auto doubt = doubt_of_voice(speak.attributes)) remarks.push_back(*doubt);
  if (const std::string_view tag = tag_in(speak.text); !tag.empty()) {
    remarks.push_back("the text holds the tag " + in_quotes(tag) +
                      ", which is read out as it stands; leave it out");
  }
  constexpr std::array<std::string_view, 3> kOpening = {"\u201C", "\u201D", "\u201E"};
  for (const std::string_view quote : kOpening) {
    if (!speak.text.starts_with(quote)) continue;
    remarks.push_back("the text begins with the typographic quote " + code_point_of(quote) +
                      ", which httpd takes for a letter; write \" in its place");
  }
}

// "mp3" of "https://h/sounds/hello.mp3?x=1"; "" where the name has none.
std::string_view extension_of(std::string_view url) {
  std::string_view path = url.substr(0, url.find_first_of("?#"));
  path = path.substr(std::min(path.size(), path.find("://") + 3));
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view name = path.substr(slash);
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

void remark_on_play(const Element& play, Remarks& remarks) {
  const std::string_view url = play.text;
  if (equals_ignoring_case(url.substr(0, 5), "http:")) {
    remarks.push_back("the URL " + in_quotes(url) +
                      " is not https, and Plivo plays from https only");
  }
  const std::string_view extension = extension_of(url);
  if (extension.empty() || equals_ignoring_case(extension, "mp3") ||
      equals_ignoring_case(extension, "wav")) {
    return;
  }
  remarks.push_back("the URL " + in_quotes(url) + " looks like a file of type " +
                    std::string(extension) + ", and Plivo plays mp3 and wav only");
}

void remark_on_star(const Element& dial, Remarks& remarks) {
  const std::string* const hangs_up = find_attribute(dial.attributes, "hangupOnStar");
  const std::string* const lists = find_attribute(dial.attributes, "digitsMatch");
  if (!hangs_up || *hangs_up != "true" || !lists) return;
  if (lists->find('*') == std::string::npos) return;
  remarks.push_back("digitsMatch=" + *lists +
                    " has a star, and with hangupOnStar=true the caller's star ends the talk; "
                    "leave one of them out");
}

void remark_on_dial(const Element& dial, Remarks& remarks) {
  remark_on_star(dial, remarks);
  const std::string* type = find_attribute(dial.attributes, "callType");
  if (!type || *type != "whatsapp") return;
  const auto is_number = [](const Element& child) { return child.name == "Number"; };
  if (const auto number = std::ranges::find_if(dial.children, is_number);
      number != dial.children.end()) {
    remarks.push_back("callType=whatsapp reaches " + number->text +
                      " on WhatsApp only, and no phone; leave it out to ring a phone");
  }
  if (find_attribute(dial.attributes, "machineDetection")) {
    remarks.push_back("callType=whatsapp has no machine detection; leave machineDetection out");
  }
}

void remark_on_stream(const Element& stream, Remarks& remarks) {
  constexpr std::array<std::string_view, 4> kContentTypes = {
      "audio/x-l16;rate=8000", "audio/x-l16;rate=16000", "audio/x-l16;rate=24000",
      "audio/x-mulaw;rate=8000"};
  constexpr std::size_t kLongestUrl = 2048;
  constexpr std::size_t kMostExtraHeaders = 512;
  const std::string* type = find_attribute(stream.attributes, "contentType");
  if (type && std::ranges::find(kContentTypes, *type) == kContentTypes.end()) {
    remarks.push_back("contentType=" + in_quotes(*type) +
                      " is none that Plivo documents: audio/x-l16;rate=8000, "
                      "audio/x-l16;rate=16000, audio/x-mulaw;rate=8000");
  }
  if (stream.text.size() > kLongestUrl) {
    remarks.push_back("the URL has " + std::to_string(stream.text.size()) +
                      " characters; Plivo takes at most " + std::to_string(kLongestUrl));
  }
  const std::string* headers = find_attribute(stream.attributes, "extraHeaders");
  if (headers && headers->size() > kMostExtraHeaders) {
    remarks.push_back("extraHeaders has " + std::to_string(headers->size()) +
                      " bytes; Plivo takes at most " + std::to_string(kMostExtraHeaders));
  }
}

void remark_on_multi_party_call(const Element& call, Remarks& remarks) {
  const std::string* role = find_attribute(call.attributes, "role");
  if (role && equals_ignoring_case(*role, "ai-agent")) return;
  for (const Attribute& attribute : call.attributes) {
    if (!attribute.name.starts_with("aiAgent")) continue;
    remarks.push_back(attribute.name + " has no effect without role=ai-agent");
    return;
  }
}

void remark_on_message(const Element& message, Remarks& remarks) {
  for (const char* name : {"src", "dst"}) {
    if (find_attribute(message.attributes, name)) continue;
    remarks.push_back(std::string("without ") + name + " no message can be sent");
  }
}

bool is_true(const Element& element, std::string_view name) {
  const std::string* value = find_attribute(element.attributes, name);
  return value && *value == "true";
}

// Why nothing runs behind `element`, or "".
std::string why_last(const Element& element) {
  if (element.name == "Redirect") return "Plivo goes on at its URL";
  if (element.name == "Hangup") {
    return find_attribute(element.attributes, "schedule") ? "" : "it ends the call";
  }
  const bool records_message = element.name == "Record" && !is_true(element, "recordSession") &&
                               !is_true(element, "startOnDialAnswer");
  if (element.name != "Dial" && element.name != "Conference" && !records_message) return "";
  const std::string* redirect = find_attribute(element.attributes, "redirect");
  if (!find_attribute(element.attributes, "action") || (redirect && *redirect == "false")) {
    return "";
  }
  return "Plivo goes on with what action returns, unless redirect=\"false\" stands there";
}

bool is_silent(const Element& element) {
  constexpr std::array<std::string_view, 3> kSilent = {"Wait", "DTMF", "Message"};
  if (element.name == "PreAnswer") return says_nothing(element.children);
  if (element.name == "Hangup") return !find_attribute(element.attributes, "reason");
  return std::ranges::find(kSilent, element.name) != kSilent.end();
}

}  // namespace

Remarks remarks_on(const Element& element) {
  constexpr struct {
    std::string_view name;
    void (*remark)(const Element& element, Remarks& remarks);
  } kOfElements[] = {
      {"Speak", remark_on_speak},     {"Play", remark_on_play},
      {"Dial", remark_on_dial},       {"Stream", remark_on_stream},
      {"Message", remark_on_message}, {"MultiPartyCall", remark_on_multi_party_call},
  };
  Remarks remarks;
  for (const auto& [name, remark] : kOfElements) {
    if (name == element.name) remark(element, remarks);
  }
  remark_on_entities(element, remarks);
  return remarks;
}

std::vector<OrderRemark> remarks_on_order(std::span<const Element> children) {
  std::vector<OrderRemark> remarks;
  for (std::size_t i = 0; i + 1 < children.size(); ++i) {
    const std::string why = why_last(children[i]);
    if (why.empty()) continue;
    remarks.push_back({i, "what stands behind " + children[i].name + " never runs: " + why});
  }
  return remarks;
}

bool says_nothing(std::span<const Element> children) {
  return std::ranges::all_of(children, is_silent);
}

}  // namespace plivo_dial
