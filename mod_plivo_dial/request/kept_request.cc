// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/request/kept_request.h"

#include <strings.h>

#include <algorithm>
#include <string>
#include <vector>

#include "lib/log/log_id.h"
#include "lib/spool/refused_requests.h"
#include "mod_plivo_dial/request/other_hosts.h"

namespace plivo_dial {
namespace {

constexpr std::uint64_t kLeastFree = 64 * 1024 * 1024;  // as minFree= without a value

// What authenticates somebody and is no part of Plivo's signature, and what describes a framing
// that is gone.
bool is_left_out(const char* name) {
  for (const char* other :
       {"Authorization", "Proxy-Authorization", "Cookie", "Transfer-Encoding", "TE", "Trailer"}) {
    if (strcasecmp(name, other) == 0) return true;
  }
  return false;
}

// Head and body as verify reads them.
std::string text_of_request(const request_rec* r, std::string_view body) {
  std::string text = std::string(r->method) + " " + std::string(raw_target(r)) + " " +
                     (r->protocol == nullptr ? "HTTP/1.1" : r->protocol) + "\r\n";
  const apr_array_header_t* headers = apr_table_elts(r->headers_in);
  for (int i = 0; i < headers->nelts; ++i) {
    const auto& header = APR_ARRAY_IDX(headers, i, apr_table_entry_t);
    if (header.key == nullptr || header.val == nullptr || is_left_out(header.key)) continue;
    text.append(header.key).append(": ").append(header.val).append("\r\n");
  }
  return text.append("\r\n").append(body);
}

// With the tokens of other virtual hosts where one of those fits, and the URL that it fits.
std::string command_for(const std::string& file, const DirConfig& config,
                        const Diagnosis& diagnosis) {
  constexpr std::size_t kMostTokenFiles = 20;
  const bool other_site = diagnosis.cause == Diagnosis::Cause::kOtherSite;
  std::vector<std::string> token_files;
  for (const AccountLine& line : config.accounts->lines) {
    token_files.push_back(line.token_file);
    if (!line.previous_token_file.empty()) token_files.push_back(line.previous_token_file);
  }
  if (other_site || diagnosis.cause == Diagnosis::Cause::kOtherAccount) {
    const OtherAccounts others = other_accounts(config.accounts);
    token_files.insert(other_site ? token_files.begin() : token_files.end(),
                       others.token_files.begin(), others.token_files.end());
  }
  std::string command = "plivo-dialctl verify --request " + file + " --public-url " +
                        (other_site ? diagnosis.public_url : config.public_url->url.text());
  for (std::size_t i = 0; i < std::min(token_files.size(), kMostTokenFiles); ++i) {
    command += " --token-file " + token_files[i];
  }
  return command;
}

}  // namespace

void keep_request(request_rec* r, const DirConfig& config, std::string_view body,
                  const Diagnosis& diagnosis) {
  if (!APLOG_R_IS_LEVEL(r, APLOG_DEBUG)) return;
  const ServerConfig& server = server_config(ap_server_conf);
  const Result<std::string> kept =
      keep_refused_request(server.spool, text_of_request(r, body),
                           server.spool_options.min_free.value_or(kLeastFree), apr_time_now());
  const std::string said =
      kept ? "the request is kept for a day: " + command_for(*kept, config, diagnosis)
           : "the request is not kept: " + kept.error().message;
  ap_log_rerror(APLOG_MARK, APLOG_DEBUG, 0, r, "%s: %s", log_id::kRequestKept, said.c_str());
}

}  // namespace plivo_dial
