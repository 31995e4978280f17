// SPDX-License-Identifier: Apache-2.0
#include "lib/signature/probe.h"

#include "lib/signature/signature.h"

namespace plivo_dial {
namespace {

// A string that Plivo signs begins with a URL.
std::string sign_as(std::string_view use, std::string_view challenge, std::string_view body,
                    std::string_view token) {
  std::string text = "plivo-dial ";
  text.append(use).append("\n").append(challenge).append("\n").append(body);
  return sign(text, token);
}

std::string origin_mark(std::string_view challenge, std::string_view token) {
  return sign_as("answers", challenge, "", token);
}

}  // namespace

std::string probe_mark(std::string_view challenge, std::string_view body, std::string_view token) {
  return origin_mark(challenge, token) + " " + sign_as("sends", challenge, body, token);
}

MarkVerdict check_mark(std::string_view mark, std::string_view challenge, std::string_view body,
                       std::string_view token) {
  MarkVerdict verdict;
  verdict.ours = mark.substr(0, mark.find(' ')) == origin_mark(challenge, token);
  verdict.whole =
      mark == probe_mark(challenge, body, token) || mark == probe_mark(challenge, "", token);
  return verdict;
}

}  // namespace plivo_dial
