// SPDX-License-Identifier: Apache-2.0
//
// What C cannot do: a callback that throws, and C++'s own memory that runs out. No exception may
// leave the C face. And what no compiler asks: whether each of its functions has a test in C.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <new>
#include <regex>
#include <stdexcept>
#include <string>

#include "lib/api/plivo_dial.h"

namespace {

// How many allocations still succeed; negative: all.
int allocations_left = -1;

}  // namespace

// Inlined, a compiler takes malloc and free in them for a mistake.
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (allocations_left == 0) throw std::bad_alloc();
  if (allocations_left > 0) --allocations_left;
  void* const memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace {

class PlivoDialGuard : public testing::Test {
 public:
  PlivoDialGuard() { plivo_dial_form_decode("a=b", 3, &form_, nullptr); }
  ~PlivoDialGuard() override { plivo_dial_form_free(form_); }

 protected:
  plivo_dial_form* form_ = nullptr;
};

TEST_F(PlivoDialGuard, TurnsAnExceptionIntoACode) {
  const auto throws = [](plivo_dial_text, plivo_dial_text, void*) -> int {
    throw std::runtime_error("from the callback");
  };
  int last = -1;
  EXPECT_EQ(plivo_dial_for_each_pair(form_, throws, nullptr, &last), PLIVO_DIAL_INTERNAL);
  EXPECT_EQ(last, -1);
}

TEST_F(PlivoDialGuard, TurnsExhaustedMemoryIntoItsCode) {
  const auto throws = [](plivo_dial_text, plivo_dial_text, void*) -> int {
    throw std::bad_alloc();
  };
  EXPECT_EQ(plivo_dial_for_each_pair(form_, throws, nullptr, nullptr), PLIVO_DIAL_OUT_OF_MEMORY);
}

// Calls `function` again and again, with one allocation more each time, until it succeeds.
template <class Function>
void expect_each_exhaustion_to_be_told(Function function) {
  constexpr int kMost = 10'000;
  for (int allocations = 0; allocations < kMost; ++allocations) {
    allocations_left = allocations;
    const plivo_dial_code code = function();
    allocations_left = -1;
    if (code == PLIVO_DIAL_OK) {
      EXPECT_GT(allocations, 0) << "it took no memory, so that nothing was tried";
      return;
    }
    ASSERT_EQ(code, PLIVO_DIAL_OUT_OF_MEMORY) << "after " << allocations << " allocations";
  }
  FAIL() << "it never succeeds";
}

TEST(PlivoDialMemory, MayRunOutAnywhereInAForm) {
  expect_each_exhaustion_to_be_told([] {
    plivo_dial_form* form = nullptr;
    const plivo_dial_code code = plivo_dial_form_decode("a=b", 3, &form, nullptr);
    EXPECT_EQ(form != nullptr, code == PLIVO_DIAL_OK);
    plivo_dial_form_free(form);
    return code;
  });
}

TEST(PlivoDialMemory, MayRunOutAnywhereInAWebhook) {
  expect_each_exhaustion_to_be_told([] {
    plivo_dial_webhook* webhook = nullptr;
    const plivo_dial_code code =
        plivo_dial_webhook_read("action", "stage=2", 7, "DialStatus=busy", 15, &webhook, nullptr);
    EXPECT_EQ(webhook != nullptr, code == PLIVO_DIAL_OK);
    plivo_dial_webhook_free(webhook);
    return code;
  });
}

TEST(PlivoDialMemory, MayRunOutAnywhereInASignature) {
  expect_each_exhaustion_to_be_told([] {
    // Of Plivo's SDK for Node.js, "v3-post-single" in tests/data/signature-vectors.json.
    const char* const token = "N2JkYjE0ZmUtYWM0MC00ZTFiLThlM2UtZTAzMjQ1";
    plivo_dial_signed_request request = {};
    request.url = "https://voice.example.com/a";
    request.body = "A=1";
    request.body_size = 3;
    request.v3.account = "/fm/DoF+5DJnjAwZeMRY68eWILUDucJezgX4596WHHA=";
    request.v3.nonce = "19274650183746550192";
    plivo_dial_signature_verdict verdict = {PLIVO_DIAL_NO_REFUSAL, 7, nullptr};
    const plivo_dial_code code = plivo_dial_signature_check(&request, &token, 1, &verdict, nullptr);
    EXPECT_EQ(verdict.token, code == PLIVO_DIAL_OK ? 0U : 7U);
    return code;
  });
}

TEST(PlivoDialMemory, MayRunOutAnywhereInATextForADocument) {
  const std::string text(100, 'x');
  expect_each_exhaustion_to_be_told([&] {
    char* xml = nullptr;
    const plivo_dial_code code = plivo_dial_xml_text(text.data(), text.size(), &xml);
    EXPECT_EQ(xml != nullptr, code == PLIVO_DIAL_OK);
    plivo_dial_string_free(xml);
    return code;
  });
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(PlivoDialHeader, DeclaresNothingWithoutATestInC) {
  std::string tests;
  for (const auto& entry : std::filesystem::directory_iterator(SOURCE_DIR "/tests/c")) {
    if (entry.path().extension() == ".c") tests += content_of(entry.path());
  }
  const std::string header = content_of(SOURCE_DIR "/lib/api/plivo_dial.h");
  static const std::regex kFunction("\\bplivo_dial_[a-z_]+\\(");
  std::size_t functions = 0;
  for (std::sregex_iterator at(header.begin(), header.end(), kFunction), end; at != end; ++at) {
    EXPECT_NE(tests.find(at->str()), std::string::npos) << at->str() << ") has no test in C";
    ++functions;
  }
  EXPECT_GT(functions, 10U) << "the header was not read";
}

}  // namespace
