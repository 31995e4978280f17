// SPDX-License-Identifier: Apache-2.0
// Hostile and malformed input that is refused: each row is what comes over the wire, the status,
// and the id of the line that says why. The numbers are those of the project's table of bad input;
// rows of it that are served are in odd_input_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

#include "tests/httpd/trust.h"

namespace plivo_dial::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

// In every request, and in no reply and no log.
constexpr const char* kMark = "Mark-of-the-request-7Hq2";
constexpr const char* kPath = "/dialstatus/callback";

Example marked_call() {
  Example call = fresh_call(example("E5"));
  call.form += std::string("&X-PH-Mark=") + kMark;
  return call;
}

HttpRequest callback_request() {
  return webhook_request(kPath, marked_call());
}

// A signed callback with `more` behind its form.
std::string signed_with(const std::string& more) {
  return wire(sign_request(form_post(kPath, marked_call().form + more)));
}

std::string unsigned_with(const std::string& more) {
  return wire(form_post(kPath, marked_call().form + more));
}

std::string signed_form(const std::string& form) {
  return wire(sign_request(form_post(kPath, form)));
}

std::string with_call_uuid(const std::string& value) {
  return signed_form(with_form_value(marked_call().form, "CallUUID", value));
}

// A signed callback with another method, all its pairs in the query.
std::string with_method(const std::string& method, const std::string& path = kPath) {
  HttpRequest request = {.path = path + "?" + marked_call().form};
  request = sign_request(request);
  request.method = method;
  return wire(request);
}

HttpRequest signed_without(const std::string& name) {
  HttpRequest request = sign_request(callback_request());
  std::erase_if(request.headers,
                [&](const std::string& header) { return header.starts_with(name + ":"); });
  return request;
}

std::string without_header(const std::string& name) {
  return wire(signed_without(name));
}

// A signed callback with another value of that header.
std::string with_value(const std::string& name, const std::string& value) {
  return wire(with_header(signed_without(name), name + ": " + value));
}

// Signed by `signing`, then sent as it is.
std::string signed_by(const Signing& signing) {
  return wire(sign_request(callback_request(), signing));
}

// A signed callback to whose form `more` was added behind the signer's back.
std::string signed_and_then(const std::string& more) {
  HttpRequest request = sign_request(callback_request());
  request.body += more;
  return wire(request);
}

const std::string kSignature = "X-Plivo-Signature-V3";
const std::string kNonce = "X-Plivo-Signature-V3-Nonce";

std::string many(std::size_t count, const std::string& part) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += part;
  return text;
}

std::string many_pairs(std::size_t count) {
  std::string pairs;
  for (std::size_t i = 0; i < count; ++i) pairs += "&p" + std::to_string(i) + "=1";
  return pairs;
}

// The signed callback with its body in one chunk, and `size` as the chunk says.
std::string chunked(const std::string& more, const std::string& size = "") {
  HttpRequest request = sign_request(form_post(kPath, marked_call().form + more));
  request.headers.push_back("Transfer-Encoding: chunked");
  char hexadecimal[20];
  std::snprintf(hexadecimal, sizeof hexadecimal, "%zx", request.body.size());
  request.body =
      (size.empty() ? std::string(hexadecimal) : size) + "\r\n" + request.body + "\r\n0\r\n\r\n";
  return wire(request);
}

// Lines of the head behind the request line, before its end.
std::string with_raw_lines(const std::string& lines) {
  std::string bytes = wire(sign_request(callback_request()));
  return bytes.insert(bytes.find("\r\n") + 2, lines);
}

std::string with_target(const std::string& target) {
  HttpRequest request = callback_request();
  request.path = target;
  return wire(sign_request(request));
}

struct Row {
  std::string name;
  std::string (*bytes)();
  int status;
  std::string id = {};             // of our line; "" when httpd answers before we are asked
  std::string configuration = {};  // beside accounts and Locations
  std::string header = {};         // that the reply must have
  std::vector<std::string> modules = {};
  std::string httpds_line = {};  // of level warn or worse, by httpd itself
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.name;
}

std::size_t count_replies(const std::string& bytes) {
  std::size_t count = 0;
  for (std::size_t at = bytes.find("HTTP/1.1 "); at != std::string::npos;
       at = bytes.find("HTTP/1.1 ", at + 1)) {
    ++count;
  }
  return count;
}

class BadInput : public testing::TestWithParam<Row> {};

TEST_P(BadInput, IsRefusedWithItsStatusAndOneLine) {
  const Row& row = GetParam();
  TrustServer server({.modules = row.modules});
  const std::string refusal = row.id + ": refused with " + std::to_string(row.status) + ": ";
  const bool warns = !row.id.empty() && row.status != 405;
  if (warns) server.httpd.expect_log(refusal);
  if (!row.httpds_line.empty()) server.httpd.expect_log(row.httpds_line);
  ASSERT_TRUE(server.start(signed_configuration() + row.configuration +
                           "<Location \"/flow\">\nSetHandler plivo-dial\nPlivoEndpoint event\n"
                           "PlivoEventSecret \"file:${ROOT}/conf/event.secret\"\n</Location>\n"));
  const std::string reply = server.client().exchange(row.bytes());
  EXPECT_EQ(status_of(reply), row.status) << reply;
  EXPECT_EQ(count_replies(reply), 1U) << reply;
  EXPECT_THAT(reply, HasSubstr(row.header));
  EXPECT_THAT(reply, Not(HasSubstr(kMark)));

  const auto lines = server.refusals();
  ASSERT_THAT(lines, SizeIs(row.id.empty() ? 0 : 1));
  for (const std::string& line : lines) {
    EXPECT_THAT(line, HasSubstr(refusal));
    EXPECT_THAT(line, HasSubstr(warns ? "[plivo_dial:warn]" : "[plivo_dial:info]"));
  }
  EXPECT_THAT(server.httpd.error_log(), Not(HasSubstr(kMark)));
  const std::string good = server.expect_good_request();
  const auto events = server.events();
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].value("call", ""), good);
}

std::string row_name(const testing::TestParamInfo<Row>& row) {
  return row.param.name;
}

const std::string kAllow = "Allow: GET, POST\r\n";
const std::string kFlowAllow = "Allow: GET, POST, PUT, DELETE\r\n";

INSTANTIATE_TEST_SUITE_P(
    Methods, BadInput,
    testing::Values(
        Row{"Row01Head", [] { return with_method("HEAD"); }, 405, "PD0101", "", kAllow},
        Row{"Row01Put", [] { return with_method("PUT"); }, 405, "PD0101", "", kAllow},
        Row{"Row01Delete", [] { return with_method("DELETE"); }, 405, "PD0101", "", kAllow},
        Row{"Row01Options", [] { return with_method("OPTIONS"); }, 405, "PD0101", "", kAllow},
        Row{"Row01Brew", [] { return with_method("BREW"); }, 405, "PD0101", "", kAllow},
        Row{"Row01LowerCase", [] { return with_method("post"); }, 405, "PD0101", "", kAllow},
        Row{"Row01PatchAtEvent", [] { return with_method("PATCH", "/flow"); }, 405, "PD0101", "",
            kFlowAllow},
        Row{"Row01HeadAtEvent", [] { return with_method("HEAD", "/flow"); }, 405, "PD0101", "",
            kFlowAllow},
        Row{"Row01Trace", [] { return with_method("TRACE"); }, 405, "PD0101", "", kAllow},
        Row{"Row01TraceOff", [] { return with_method("TRACE"); }, 405, "PD0101",
            "TraceEnable Off\n", kAllow},
        Row{"Row43Connect",
            [] {
              return std::string(
                  "CONNECT pbx.example.com:443 HTTP/1.1\r\n"
                  "Host: pbx.example.com:443\r\nConnection: close\r\n\r\n");
            },
            405}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Signatures, BadInput,
    testing::Values(
        Row{"Row03NoSignature", [] { return wire(callback_request()); }, 403, "PD0201"},
        Row{"Row03NoSignatureWithGet",
            [] { return wire({.path = std::string(kPath) + "?" + marked_call().form}); }, 403,
            "PD0201"},
        Row{"Row04NoNonce", [] { return without_header(kNonce); }, 403, "PD0202"},
        Row{"Row04NonceTooLong", [] { return signed_by({.nonce = many(129, "7")}); }, 403,
            "PD0202"},
        Row{"Row04NonceWithTab", [] { return signed_by({.nonce = "1927\t4650"}); }, 403, "PD0202"},
        Row{"Row04NonceWithHighByte",
            [] {
              return signed_by({.nonce = "1927\x9b"
                                         "4650"});
            },
            403, "PD0202"},
        Row{"Row04NonceWithControlByte",
            [] {
              return signed_by({.nonce = "1927\x01"
                                         "4650"});
            },
            400},
        Row{"Row05WrongSignature",
            [] { return with_value(kSignature, "/fm/DoF+5DJnjAwZeMRY68eWILUDucJezgX4596WHHA="); },
            403, "PD0203"},
        Row{"Row05TamperedParameter", [] { return signed_and_then("&Added=1"); }, 403, "PD0203"},
        Row{"Row05WrongToken", [] { return signed_by({.token = kForeignToken}); }, 403, "PD0203"},
        Row{"Row05WrongUrl", [] { return signed_by({.origin = "https://elsewhere.example.net"}); },
            403, "PD0203"},
        Row{"Row06NotBase64", [] { return with_value(kSignature, many(43, "!") + "="); }, 403,
            "PD0204"},
        Row{"Row06WrongLength", [] { return with_value(kSignature, "c2hvcnQgbWFj"); }, 403,
            "PD0204"},
        Row{"Row06HundredEntries",
            [] {
              return with_value(kSignature,
                                many(100, "/fm/DoF+5DJnjAwZeMRY68eWILUDucJezgX4596WHHA=,"));
            },
            403, "PD0204"},
        Row{"Row06HeaderOverOneKilobyte",
            [] {
              return with_value(kSignature,
                                "/fm/DoF+5DJnjAwZeMRY68eWILUDucJezgX4596WHHA=" + many(990, ","));
            },
            403, "PD0204"},
        Row{"Row06HeaderOfNineKilobytes", [] { return with_value(kSignature, many(9000, "a")); },
            400},
        Row{"Row07OnlyV2", [] { return wire(sign_v2(callback_request())); }, 403, "PD0205"},
        Row{"Row07OnlyV1",
            [] {
              HttpRequest request = callback_request();
              request.headers.push_back("X-Plivo-Signature: 3k1Sz5lhqkGT3SZsPQ4GRBQ2vqM=");
              return wire(request);
            },
            403, "PD0205"}),
    row_name);

const std::string kLimited = "PlivoMaxBody 2K\n";
const std::string kLimitedByHttpd =
    "<Location \"/dialstatus\">\nLimitRequestBody 1000\n</Location>\n";

INSTANTIATE_TEST_SUITE_P(
    Bodies, BadInput,
    testing::Values(
        // Nothing but the length is sent: nobody waits for the body.
        Row{"Row11OverTheCap",
            [] {
              return wire({.method = "POST",
                           .path = kPath,
                           .headers = {"Content-Length: 65537",
                                       "Content-Type: " + std::string(kFormType)}});
            },
            413, "PD0401", "", "Connection: close\r\n"},
        Row{"Row12ChunkedOverTheCap", [] { return chunked("&Pad=" + many(2048, "x")); }, 413,
            "PD0401", kLimited},
        Row{"Row13OverLimitRequestBody", [] { return signed_with("&Pad=" + many(2048, "x")); }, 413,
            "PD0401", kLimitedByHttpd},
        Row{"Row13ChunkedOverLimitRequestBody", [] { return chunked("&Pad=" + many(2048, "x")); },
            413, "PD0401", kLimitedByHttpd},
        Row{"Row14Json", [] { return with_value("Content-Type", "application/json"); }, 415,
            "PD0402"},
        Row{"Row14Multipart",
            [] { return with_value("Content-Type", "multipart/form-data; boundary=x"); }, 415,
            "PD0402"},
        Row{"Row14None", [] { return without_header("Content-Type"); }, 415, "PD0402"},
        Row{"Row14Utf16",
            [] { return with_value("Content-Type", std::string(kFormType) + "; charset=utf-16"); },
            415, "PD0402"},
        Row{"Row15Gzip", [] { return with_value("Content-Encoding", "gzip"); }, 415, "PD0403"},
        // The size is judged first, and nothing of the body is waited for.
        Row{"Row15GzipOverTheCap",
            [] {
              return wire({.method = "POST",
                           .path = kPath,
                           .headers = {"Content-Length: 65537", "Content-Encoding: gzip",
                                       "Content-Type: " + std::string(kFormType)}});
            },
            413, "PD0401", "", "Connection: close\r\n"},
        Row{"Row16TooManyPairs", [] { return signed_and_then(many_pairs(200)); }, 400, "PD0404"},
        Row{"Row16LongName", [] { return signed_and_then("&" + many(129, "n") + "=1"); }, 400,
            "PD0404"},
        Row{"Row16LongValue", [] { return signed_and_then("&x=" + many(8193, "v")); }, 400,
            "PD0404"},
        Row{"Row16TooManyPairsUnsigned", [] { return unsigned_with(many_pairs(200)); }, 400,
            "PD0404"},
        Row{"Row16TooManyPairsInTheQuery",
            [] { return with_target(std::string(kPath) + "?a=b" + many_pairs(200)); }, 400,
            "PD0404"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Pairs, BadInput,
    testing::Values(
        Row{"Row17BrokenEscape", [] { return signed_with("&x=%G1"); }, 400, "PD0405"},
        Row{"Row17LonePercent", [] { return signed_with("&x=50%"); }, 400, "PD0405"},
        Row{"Row17Nul", [] { return signed_with("&x=a%00b"); }, 400, "PD0405"},
        Row{"Row17BrokenEscapeInTheQuery", [] { return with_target(std::string(kPath) + "?x=%4"); },
            400, "PD0405"},
        // Who did not sign learns nothing about the parameters.
        Row{"Row17BrokenEscapeUnsigned", [] { return unsigned_with("&x=%G1"); }, 403, "PD0201"},
        Row{"Row17NulUnsigned", [] { return unsigned_with("&x=a%00b"); }, 403, "PD0201"},
        Row{"Row21NoCallUuid", [] { return signed_form(std::string("Mark=") + kMark); }, 400,
            "PD0408"},
        Row{"Row21NoCallUuidUnsigned",
            [] { return wire(form_post(kPath, std::string("Mark=") + kMark)); }, 403, "PD0201"},
        Row{"Row21EmptyCallUuid", [] { return with_call_uuid(""); }, 400, "PD0408"},
        Row{"Row21NoHexadecimalDigits", [] { return with_call_uuid(kMark); }, 400, "PD0408"},
        Row{"Row21LineFeed",
            [] { return with_call_uuid("c3f2b0d4-6a17-4d0e-9c55-0f3a6e1b7d21%0A"); }, 400,
            "PD0408"},
        Row{"Row21LongCallUuid", [] { return with_call_uuid(many(65, "a")); }, 400, "PD0408"},
        Row{"Row26EmptyBody", [] { return signed_form(""); }, 400, "PD0408"}),
    row_name);

std::string with_content_length(const std::string& value) {
  return with_value("Content-Length", value);
}

INSTANTIATE_TEST_SUITE_P(
    Framing, BadInput,
    testing::Values(
        Row{"Row27NegativeLength", [] { return with_content_length("-1"); }, 400},
        Row{"Row27LengthIsNoNumber", [] { return with_content_length("many"); }, 400},
        Row{"Row27TwoLengths",
            [] { return with_raw_lines("Content-Length: 3\r\nContent-Length: 4\r\n"); }, 400},
        Row{"Row29UnknownTransferEncoding",
            [] { return with_value("Transfer-Encoding", "xchunked"); }, 400},
        Row{"Row29BadChunkSize", [] { return chunked("", "zz"); }, 400, "PD0412"},
        Row{"Row30NoHost",
            [] {
              std::string bytes = wire(sign_request(callback_request()));
              return bytes.erase(bytes.find("Host: "), std::strlen("Host: pbx.example.com\r\n"));
            },
            400},
        Row{"Row30TwoHosts", [] { return with_raw_lines("Host: other.example.com\r\n"); }, 400},
        Row{"Row31SignedForTheForgedHost",
            [] {
              HttpRequest request = callback_request();
              request.path = std::string("http://evil.example.net") + kPath;
              request.headers.push_back("X-Forwarded-Host: evil.example.net");
              request.headers.push_back("X-Forwarded-Proto: http");
              return wire(sign_as_if_to(kPath, request, {.origin = "http://evil.example.net"}));
            },
            403, "PD0206"},
        Row{"Row32LongUri", [] { return with_target(kPath + many(8200, "a")); }, 414},
        Row{"Row32LongHeader", [] { return with_value("X-Pad", many(8200, "a")); }, 400},
        Row{"Row32TooManyHeaders", [] { return with_raw_lines(many(101, "X-Pad: 1\r\n")); }, 400},
        Row{"Row32NulInHeader", [] { return with_raw_lines(std::string("X-Pad: a\0b\r\n", 12)); },
            400},
        Row{"Row32BareLineFeed", [] { return with_raw_lines("X-Pad: 1\n"); }, 400},
        Row{"Row33FoldedSignature",
            [] {
              return with_value(kSignature, "/fm/DoF+5DJnjAwZeMRY\r\n 68eWILUDucJezgX4596WHHA=");
            },
            403, "PD0204"},
        Row{"Row33FoldedNonce",
            [] {
              HttpRequest request = sign_request(callback_request(), {.nonce = "19274650"});
              request.headers.back() = kNonce + ": 1927\r\n 4650";
              return wire(request);
            },
            403, "PD0202"},
        Row{"Row34UnknownExpectation", [] { return with_value("Expect", "foo"); }, 417},
        Row{"Row35EncodedSlash", [] { return with_target("/dialstatus%2Fcallback"); }, 404},
        Row{"Row35EncodedNul", [] { return with_target("/dialstatus%00/callback"); }, 404},
        Row{"Row35AboveTheRoot",
            [] { return with_target("/../dialstatus/callback"); },
            400,
            "",
            "",
            "",
            {},
            "AH10244: invalid URI path"}),
    row_name);

const std::string kImpatient = "RequestReadTimeout header=1 body=1\n";

INSTANTIATE_TEST_SUITE_P(
    Slowness, BadInput,
    testing::Values(
        Row{"Row36SlowHead",
            [] { return std::string("POST /dialstatus/callback HTTP/1.1\r\nHost: x\r\nX-Slow: "); },
            408,
            "",
            kImpatient,
            "",
            {"reqtimeout"}},
        Row{"Row36SlowBody",
            [] {
              std::string bytes = wire(sign_request(callback_request()));
              return bytes.erase(bytes.size() - 10);
            },
            408,
            "PD0412",
            kImpatient,
            "",
            {"reqtimeout"}}),
    row_name);

// Row 8: a token that can't be read stops the server before it serves anybody.
TEST(BadToken, Row08IsRefusedAtConfigtest) {
  HttpdServer server;
  const CommandResult result = server.configtest(
      "PlivoSpool \"${ROOT}/spool\"\nPlivoDispatcher Off\n" + signed_configuration());
  EXPECT_NE(result.exit_code, 0);
  EXPECT_THAT(result.output, HasSubstr("PlivoAccount main: "));
  EXPECT_THAT(result.output, HasSubstr("/conf/main.token"));
  EXPECT_THAT(result.output, HasSubstr("there is no such file"));
  EXPECT_THAT(result.output, HasSubstr("PD0103: error: "));
}

// The same at a reload: httpd goes on, and nobody is believed without a token.
TEST(BadToken, Row08AtAReloadIsSaidAndNobodyIsBelieved) {
  TrustServer server;
  ASSERT_TRUE(server.start(signed_configuration()));
  for (const char* line : {"PD0103", "not tried, since it could not be read: the token of main"}) {
    server.httpd.expect_log(line);
  }
  const std::string token = server.httpd.root() + "/conf/main.token";
  std::filesystem::rename(token, token + ".gone");
  ASSERT_TRUE(server.httpd.replace_children());
  EXPECT_THAT(server.httpd.error_log(), HasSubstr(token));
  EXPECT_EQ(status_of(server.client().exchange(wire(sign_request(callback_request())))), 403);
  std::filesystem::rename(token + ".gone", token);
  ASSERT_TRUE(server.httpd.replace_children());
  server.expect_good_request();
}

}  // namespace
}  // namespace plivo_dial::test
