// SPDX-License-Identifier: Apache-2.0
// Every vector of tests/data/signature-vectors.json as a request on the wire, to httpd itself and
// through a mod_proxy on another port. The signatures were made by Plivo's own SDK.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <tuple>

#include "lib/form/form.h"
#include "lib/signature/signature.h"
#include "tests/httpd/signed_request.h"

namespace plivo_dial::test {
namespace {

using nlohmann::json;
using testing::StartsWith;

std::string text_of(const json& vector, const char* field) {
  return vector.at(field).get<std::string>();
}

std::string form_of(const json& parameters) {
  std::string form;
  for (const auto& [name, value] : parameters.items()) {
    const json values = value.is_array() ? value : json::array({value});
    for (const json& one : values) append_form_pair(name, one.get<std::string>(), form);
  }
  return form;
}

// What a server must be told to judge a vector.
struct Site {
  std::string version;  // "V3" or "V2"
  std::string origin;
  std::string token;
  auto operator<=>(const Site&) const = default;
};

Site site_of(const json& vector) {
  const std::string url = text_of(vector, "url");
  return {text_of(vector, "version"), std::string(split_signed_url(url).origin),
          text_of(vector, "auth_token")};
}

using VectorsBySite = std::map<Site, std::vector<json>>;

const VectorsBySite& vectors_by_site() {
  static const VectorsBySite kVectors = [] {
    std::ifstream file(PLIVO_SIGNATURE_VECTORS_FILE);
    VectorsBySite sites;
    for (const json& vector : json::parse(file)) sites[site_of(vector)].push_back(vector);
    return sites;
  }();
  return kVectors;
}

std::vector<Site> sites() {
  std::vector<Site> all;
  for (const auto& [site, vectors] : vectors_by_site()) all.push_back(site);
  return all;
}

// The target that Plivo puts into the request line. A fragment stays with the client (RFC 9110,
// 7.1), and a URL without a path is requested as "/" (RFC 9112, 3.2.1).
std::string target_of(const json& vector) {
  const std::string url = text_of(vector, "url");
  std::string target(split_signed_url(url).target);
  target = target.substr(0, target.find('#'));
  if (!target.starts_with('/')) target.insert(0, "/");
  if (text_of(vector, "param_location") != "sdk-argument") return target;
  // The SDK was given as an argument what Plivo puts into the query.
  return target + (target.find('?') == std::string::npos ? "?" : "&") +
         form_of(vector.at("params"));
}

HttpRequest request_of(const json& vector) {
  const std::string location = text_of(vector, "param_location");
  const std::string header = "X-Plivo-Signature-" + text_of(vector, "version");
  HttpRequest request = {.method = text_of(vector, "method"), .path = target_of(vector)};
  request.headers = {header + ": " + text_of(vector, "signature"),
                     header + "-Nonce: " + text_of(vector, "nonce")};
  if (location == "form-body" || location == "ignored") {
    request.body = form_of(vector.at("params"));
    request.headers.push_back("Content-Type: " + std::string(kFormType));
  }
  return request;
}

// Whether the request names a call; without, even a verified one is refused, with another status.
bool has_call_uuid(const HttpRequest& request) {
  return ("&" + request.body).find("&CallUUID=") != std::string::npos ||
         request.path.find("?CallUUID=") != std::string::npos ||
         request.path.find("&CallUUID=") != std::string::npos;
}

std::string name_of(const testing::TestParamInfo<Site>& info) {
  std::string name =
      info.param.version + "_" + info.param.origin + "_" + info.param.token.substr(0, 6);
  for (char& c : name) {
    const bool is_word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!is_word) c = '_';
  }
  return name;
}

void PrintTo(const Site& site, std::ostream* out) {
  *out << site.version << ' ' << site.origin;
}

class Vectors : public testing::TestWithParam<Site> {
 protected:
  static std::string configuration() {
    const Site& site = GetParam();
    const std::string mode = site.version == "V2" ? "V2" : "Require";
    return "Header always set X-Verified-By \"expr=%{note:plivo_signature}\"\n"
           "Header always set X-Refusal \"expr=%{note:plivo_refusal}\"\n"
           "PlivoAccount vectors MAXXXXXXXXXXXXXXXXXX \"file:${ROOT}/conf/vectors.token\"\n"
           "PlivoPublicURL " +
           site.origin + "\nPlivoSignature " + mode + "\n" + answering_location("/");
  }

  // Sends every vector of the site to `port` and compares what httpd made of it.
  static void send_all(int port) {
    for (const json& vector : vectors_by_site().at(GetParam())) {
      SCOPED_TRACE(text_of(vector, "id"));
      const HttpRequest request = request_of(vector);
      const HttpReply reply = HttpClient(port).send(request);
      if (!vector.at("valid").get<bool>()) {
        EXPECT_EQ(reply.status, 403);
        EXPECT_EQ(reply.header("x-verified-by"), "");
        EXPECT_THAT(reply.header("x-refusal"), StartsWith("PD02"));
      } else if (has_call_uuid(request)) {
        EXPECT_EQ(reply.status, 200);
        EXPECT_EQ(reply.header("x-verified-by"), GetParam().version);
        EXPECT_EQ(reply.header("x-refusal"), "");
      } else {
        EXPECT_EQ(reply.status, 400);
        EXPECT_EQ(reply.header("x-verified-by"), GetParam().version);
        EXPECT_EQ(reply.header("x-refusal"), "PD0408");
      }
    }
  }
};

TEST_P(Vectors, GetTheirVerdictFromHttpdAndBehindAProxy) {
  SignedServer server({.modules = {"headers"}});
  write_token(server.httpd.files(), "vectors", GetParam().token);
  for (const char* line : {"PD02", "PD0408", "is not https", "PlivoSignature V2"}) {
    server.httpd.allow_log(line);
  }
  ASSERT_TRUE(server.start(configuration()));
  send_all(server.httpd.port());

  // mod_proxy writes a path anew unless told not to, %7E as ~: another URL than was signed.
  HttpdServer proxy({.load_plivo_dial = false, .modules = {"proxy", "proxy_http"}});
  ASSERT_TRUE(proxy.start("ProxyPreserveHost Off\nProxyPass \"/\" \"http://127.0.0.1:" +
                          std::to_string(server.httpd.port()) + "/\" nocanon\n"));
  send_all(proxy.port());
  // It keeps connections to the server, which end with it.
  proxy.stop();
}

INSTANTIATE_TEST_SUITE_P(, Vectors, testing::ValuesIn(sites()), name_of);

// So that no vector is lost on the way from the file to the sites.
TEST(VectorFile, HasAVerdictForEach) {
  std::size_t valid = 0;
  std::size_t all = 0;
  for (const auto& [site, vectors] : vectors_by_site()) {
    for (const json& vector : vectors) {
      ++all;
      if (vector.at("valid").get<bool>()) ++valid;
    }
  }
  EXPECT_EQ(all, 71U);
  EXPECT_EQ(valid, 54U);
}

}  // namespace
}  // namespace plivo_dial::test
