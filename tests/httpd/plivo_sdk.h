// File: tests/httpd/plivo_sdk.h
//
// Plivo's official SDK for Node.js as a second opinion on signatures and documents. It is installed
// by npm into the build tree when a test first asks for it; where that can't be, tests skip
// themselves with the reason.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace plivo_dial::test {

// A request as the SDK takes it.
struct SdkRequest {
  std::string method;
  std::string url;  // with query
  // Names and values of the body, decoded; a name that comes several times has an array.
  nlohmann::json params = nlohmann::json::object();
  std::string nonce;
  std::string token;
  std::string signature = "";  // to validate
};

// A document that the SDK has built, and what is tried in it: "Dial timeout", "GetDigits > Play".
struct SdkDocument {
  std::string what;
  std::string xml;
};

class PlivoSdk {
 public:
  static constexpr const char* kVersion = "4.79.0";

  // Installs the SDK, once for all test processes of a build tree. "" or why it can't be had.
  static std::string install();

  // One call for many requests, since each starts a Node.js. `directory` is for their files. Throws
  // std::runtime_error, with its words, when the SDK fails.
  static std::vector<std::string> sign(const std::vector<SdkRequest>& requests,
                                       const std::string& directory);
  static std::vector<bool> validate(const std::vector<SdkRequest>& requests,
                                    const std::string& directory);

  // One for each element and attribute that the SDK knows. Throws as sign() does.
  static std::vector<SdkDocument> documents();
};

}  // namespace plivo_dial::test
