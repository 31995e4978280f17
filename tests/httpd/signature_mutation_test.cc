// SPDX-License-Identifier: Apache-2.0
// Signed requests of which one byte was changed on the way: httpd accepts none.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "lib/form/form.h"
#include "tests/httpd/signed_request.h"

namespace plivo_dial::test {
namespace {

constexpr unsigned kSeed = 20261123;
constexpr int kMutations = 10'000;

// Nothing but the verdict is wanted, so the events stay in the spool.
constexpr const char* kQuietServer = "PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher Off\n";

// What is signed or signs, as it goes over the wire.
enum Part { kPath, kQuery, kBody, kNonce, kSignature, kToken, kPartCount };
constexpr std::array<const char*, kPartCount> kPartNames = {"path",  "query",     "body",
                                                            "nonce", "signature", "token"};
struct WireRequest {
  std::string method;
  std::array<std::string, kPartCount> parts;
};

HttpRequest request_of(const WireRequest& wire) {
  HttpRequest request = {.method = wire.method, .path = wire.parts[kPath]};
  if (!wire.parts[kQuery].empty()) request.path += "?" + wire.parts[kQuery];
  if (wire.method == "POST") {
    request.body = wire.parts[kBody];
    request.headers.push_back("Content-Type: " + std::string(kFormType));
  }
  return request;
}

HttpRequest sent_request(const WireRequest& wire) {
  HttpRequest request = request_of(wire);
  request.headers.push_back("X-Plivo-Signature-V3: " + wire.parts[kSignature]);
  request.headers.push_back("X-Plivo-Signature-V3-Nonce: " + wire.parts[kNonce]);
  return request;
}

void sign(WireRequest& wire) {
  wire.parts[kSignature] =
      v3_signature(request_of(wire), {.token = wire.parts[kToken], .nonce = wire.parts[kNonce]});
}

// One of the kinds of requests that Plivo sends, of the call `uuid`.
WireRequest signed_wire(std::size_t kind, const std::string& uuid) {
  const std::string body = "CallUUID=" + uuid +
                           "&CallerName=Jos%C3%A9+M&DialBLegUUID=&DialStatus=no-answer"
                           "&From=%2B14155550111&To=14155550100";
  const std::array<WireRequest, 4> kinds = {{
      {"POST", {"/dialstatus", "", body, "19274650183746550192", "", kMainToken}},
      {"POST",
       {"/dialstatus/action", "stage=2&tenant=a%26b", body, "05429567804466091622", "",
        kPreviousMainToken}},
      {"GET",
       {"/dialstatus/callback", body + "&x=%3D", "", "73019284756610293847", "", kMainToken}},
      {"GET", {"/", body, "", "88213047561920384756", "", kSubaccountToken}},
  }};
  WireRequest wire = kinds[kind % kinds.size()];
  sign(wire);
  return wire;
}

// Whether httpd hands a request with this byte to a module at all. It refuses the others itself:
// control characters, and in a request line spaces and the '#' of a fragment. In a path, a '%' must
// begin an escape.
bool reaches_module(Part part, unsigned char byte) {
  if (part == kBody || part == kToken) return true;
  const bool is_control = byte < ' ' || byte == 0x7f;
  if (part == kNonce || part == kSignature) return !is_control || byte == '\t';
  return !is_control && byte != ' ' && byte != '#' && !(part == kPath && byte == '%');
}

std::vector<std::pair<std::string, std::string>> pairs_of(const std::string& encoded) {
  const Form form = Form::decode(encoded).value();
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const Parameter& pair : form.parameters()) pairs.emplace_back(pair.name, pair.value);
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

// "%2b" for "%2B" and "%20" for '+' are the same pairs in other bytes, and rightly accepted.
bool says_the_same(const WireRequest& a, const WireRequest& b, Part part) {
  if (part != kQuery && part != kBody) return a.parts[part] == b.parts[part];
  return pairs_of(a.parts[part]) == pairs_of(b.parts[part]);
}

// A change of one byte that changes what is said, or nothing when this try made none.
bool mutate(WireRequest& wire, Part part, std::mt19937& random) {
  const WireRequest original = wire;
  std::string& bytes = wire.parts[part];
  if (bytes.empty()) return false;
  const std::size_t position = random() % bytes.size();
  const auto byte = static_cast<unsigned char>(random() % 256);
  // The path stays one: its first byte is the slash that makes it so.
  if (!reaches_module(part, byte) || (part == kPath && position == 0)) return false;
  bytes[position] = static_cast<char>(byte);
  if (says_the_same(original, wire, part)) return false;
  if (part == kToken) sign(wire);
  return true;
}

TEST(Mutations, AreAllRefusedWhileTheOriginalsAreAccepted) {
  SignedServer server;
  server.httpd.expect_log("PD02");
  ASSERT_TRUE(server.httpd.start(kQuietServer + std::string(kAccounts) + "PlivoPublicURL " +
                                 kOrigin + "\n" + answering_location("/")));
  RecordProperty("seed", static_cast<int>(kSeed));
  GTEST_LOG_(INFO) << "seed " << kSeed;
  std::mt19937 random(kSeed);  // NOLINT: the same mutations in every run
  HttpSession session(server.httpd.port());
  std::array<int, kPartCount> tried{};
  for (int done = 0; done < kMutations;) {
    WireRequest wire = signed_wire(random(), "c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21");
    const auto part = static_cast<Part>(random() % kPartCount);
    if (!mutate(wire, part, random)) continue;
    ++tried[part];
    ASSERT_EQ(session.send(sent_request(wire)).status, 403)
        << "mutation " << done << " of seed " << kSeed << ", " << kPartNames[part] << ": "
        << testing::PrintToString(wire.parts[part]);
    if (done % 100 == 0) {
      const WireRequest untouched = signed_wire(static_cast<std::size_t>(done / 100), new_uuid());
      ASSERT_EQ(session.send(sent_request(untouched)).status, 200) << untouched.parts[kPath];
    }
    ++done;
  }
  for (std::size_t part = 0; part < kPartCount; ++part) {
    EXPECT_GT(tried[part], 500) << kPartNames[part];
  }
}

// The bytes that are left out above.
TEST(Mutations, OthersAreRefusedByHttpdBeforeAnyModule) {
  SignedServer server;
  server.httpd.expect_log("AH10244: invalid URI path");
  ASSERT_TRUE(server.httpd.start(kQuietServer + std::string(kAccounts) + "PlivoPublicURL " +
                                 kOrigin + "\n" + answering_location("/")));
  std::size_t sent = 0;
  for (const Part part : {kPath, kQuery, kNonce, kSignature}) {
    for (int byte = 0; byte < 256; ++byte) {
      if (reaches_module(part, static_cast<unsigned char>(byte))) continue;
      WireRequest wire = signed_wire(2, "c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21");
      wire.parts[part][1] = static_cast<char>(byte);
      const std::string bytes = raw_request(sent_request(wire), "pbx.example.com");
      EXPECT_EQ(server.client().exchange(bytes).substr(0, 12), "HTTP/1.1 400")
          << kPartNames[part] << ' ' << byte;
      ++sent;
    }
  }
  EXPECT_EQ(sent, 36U + 35U + 32U + 32U);
  EXPECT_EQ(server.httpd.error_log().find("PD0"), std::string::npos);
}

}  // namespace
}  // namespace plivo_dial::test
