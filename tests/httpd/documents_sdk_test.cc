// SPDX-License-Identifier: Apache-2.0
// What Plivo's own SDK writes, our check of an administrator's document takes: each element, each
// attribute, each nesting.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "lib/document/check.h"
#include "lib/document/vocabulary.h"
#include "tests/httpd/plivo_sdk.h"

namespace plivo_dial::test {
namespace {

using testing::IsEmpty;

// Of these Plivo's documentation knows nothing; they are warned of.
const std::set<std::string> kOddities = {"Wait min_silence", "Wait with all", "DTMF digits",
                                         "DTMF with all"};

// What our vocabulary does not have.
std::vector<std::string> unknown_attributes(const std::vector<std::string>& remarks) {
  std::vector<std::string> unknown;
  std::ranges::copy_if(remarks, std::back_inserter(unknown), [](const std::string& remark) {
    return remark.find("has no attribute") != remark.npos ||
           remark.find("is an attribute of") != remark.npos;
  });
  return unknown;
}

class SdkDocuments : public testing::Test {
 protected:
  void SetUp() override {
    const std::string reason = PlivoSdk::install();
    if (!reason.empty()) GTEST_SKIP() << "without Plivo's SDK for Node.js: " << reason;
    documents_ = PlivoSdk::documents();
  }

  std::vector<SdkDocument> documents_;
};

TEST_F(SdkDocuments, AreTaken) {
  for (const SdkDocument& document : documents_) {
    const Result<std::vector<std::string>> checked = check_document(document.xml);
    ASSERT_TRUE(checked.ok()) << document.what << ": " << checked.error().message << "\n"
                              << document.xml;
    if (kOddities.contains(document.what)) {
      EXPECT_FALSE(unknown_attributes(*checked).empty()) << document.what;
    } else {
      EXPECT_THAT(unknown_attributes(*checked), IsEmpty()) << document.what;
    }
  }
}

TEST_F(SdkDocuments, AreOfEveryElement) {
  std::set<std::string> tried;
  for (const SdkDocument& document : documents_) tried.insert(document.what);
  for (const std::string_view name : element_names()) {
    if (name == "Response" || name == "cont") continue;  // the SDK has no <cont>
    const bool seen = std::ranges::any_of(tried, [&](const std::string& what) {
      return what == name || what.ends_with("> " + std::string(name));
    });
    EXPECT_TRUE(seen) << name;
  }
  for (const char* what : {"MultiPartyCall recordParticipantTrack", "Number callerName",
                           "User callerId", "GetDigits > Play", "Dial with all"}) {
    EXPECT_TRUE(tried.contains(what)) << what;
  }
}

}  // namespace
}  // namespace plivo_dial::test
