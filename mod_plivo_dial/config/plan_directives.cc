// The setters of directives that a <Location> may hold. Each hands its arguments to lib/ and stores
// what comes back.
// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "lib/base/byte_count.h"
#include "lib/base/in_quotes.h"
#include "lib/base/suggestion.h"
#include "lib/document/check.h"
#include "lib/plan/plan_layer.h"
#include "lib/route/caller_rules.h"
#include "lib/webhook/callback_options.h"
#include "mod_plivo_dial/config/glue.h"
#include "mod_plivo_dial/config/setter.h"

namespace plivo_dial {
namespace {

constexpr std::string_view kAutoEndpoint = "auto";

// Files larger than this are no Plivo documents, whatever they hold.
constexpr apr_off_t kMaxFallbackFile = 1024 * 1024;

Result<std::string> read_file(apr_pool_t* pool, const char* path) {
  apr_file_t* file = nullptr;
  apr_finfo_t info;
  apr_status_t status = apr_file_open(&file, path, APR_FOPEN_READ | APR_FOPEN_BINARY, 0, pool);
  if (status == APR_SUCCESS) status = apr_file_info_get(&info, APR_FINFO_SIZE, file);
  if (status != APR_SUCCESS) {
    char reason[128];
    return Error{"cannot read \"" + std::string(path) +
                 "\": " + apr_strerror(status, reason, sizeof reason)};
  }
  if (info.size > kMaxFallbackFile) {
    return Error{"\"" + std::string(path) + "\" is larger than a Plivo document may be (100 kB)"};
  }
  std::string bytes(static_cast<std::size_t>(info.size), '\0');
  apr_size_t length = 0;
  status = apr_file_read_full(file, bytes.data(), bytes.size(), &length);
  apr_file_close(file);
  if (status != APR_SUCCESS && status != APR_EOF) {
    return Error{"reading \"" + std::string(path) + "\" failed"};
  }
  bytes.resize(length);
  return bytes;
}

Result<apr_off_t> parse_max_body(std::string_view text) {
  const Result<std::uint64_t> bytes = parse_byte_count(text);
  if (!bytes) return bytes.error();
  if (*bytes < 1024 || *bytes > 16 * 1024 * 1024) {
    return Error{in_quotes(text) + " is not between 1K and 16M bytes"};
  }
  return static_cast<apr_off_t>(*bytes);
}

Error unknown_endpoint(std::string_view word) {
  std::vector<std::string_view> words = {kAutoEndpoint};
  words.insert(words.end(), endpoint_words().begin(), endpoint_words().end());
  std::string message = "\"" + std::string(word) + "\" is not " + alternatives(words);
  if (const auto meant = nearest_word(word, words)) {
    message += "; did you mean " + std::string(*meant) + "?";
  }
  return Error{message};
}

}  // namespace
}  // namespace plivo_dial

using namespace plivo_dial;  // the setters below are C's, and cannot live in the namespace

const char* plivo_set_endpoint(cmd_parms* parms, void* config, const char* argument) {
  return set_in_section(parms, config, [&](DirConfig& dir) -> Result<void> {
    const std::string_view word = argument;
    const std::optional<Endpoint> endpoint =
        word == kAutoEndpoint ? Endpoint::kAnswer : parse_endpoint(word);
    if (!endpoint) {
      return unknown_endpoint(word);
    }
    dir.endpoint = static_cast<int>(*endpoint);
    return {};
  });
}

const char* plivo_set_public_url(cmd_parms* parms, void* config, const char* argument) {
  return set_in_section(parms, config, [&](DirConfig& dir) -> Result<void> {
    if (Result<void> set = check_variables(argument); !set) return set;
    Result<PublicUrl> url = PublicUrl::parse(argument);
    if (!url) return url.error();
    dir.public_url = pool_new<PublicUrlLine>(
        parms->pool, PublicUrlLine{std::move(url).value(), position_of(parms)});
    return {};
  });
}

const char* plivo_set_max_body(cmd_parms* parms, void* config, const char* argument) {
  return set_in_section(parms, config, [&](DirConfig& dir) -> Result<void> {
    const Result<apr_off_t> bytes = parse_max_body(argument);
    if (!bytes) return bytes.error();
    dir.max_body = *bytes;
    return {};
  });
}

const char* plivo_add_plan_line(cmd_parms* parms, void* config, const char* arguments) {
  const auto set = [&](DirConfig& dir, const Words& words) -> Result<void> {
    hide_passwords(parms);
    return read_plan_line(parms->cmd->name, words, position_of(parms), own_lines(parms->pool, dir));
  };
  return set_words_in_section(parms, config, arguments, set);
}

const char* plivo_add_callers(cmd_parms* parms, void* config, const char* arguments) {
  const auto set = [&](DirConfig& dir, const Words& words) -> Result<void> {
    if (dir.callers == nullptr) dir.callers = pool_new<CallerRules>(parms->pool);
    const bool denies = parms->cmd->name == std::string_view("PlivoDenyFrom");
    return dir.callers->add(denies ? CallerRules::Side::kDeny : CallerRules::Side::kAllow, words,
                            position_of(parms));
  };
  return set_words_in_section(parms, config, arguments, set);
}

const char* plivo_set_route_map(cmd_parms* parms, void* config, const char* argument) {
  return set_in_section(parms, config, [&](DirConfig& dir) -> Result<void> {
    constexpr std::string_view kType = "txt:";
    const std::string_view word = argument;
    if (!word.starts_with(kType) || word.size() == kType.size()) {
      return Error{in_quotes(word) +
                   " is no map: write txt: and the path of a file with a line "
                   "for each number, such as txt:/etc/plivo-dial/numbers.txt"};
    }
    const char* path = ap_server_root_relative(parms->pool, argument + kType.size());
    if (path == nullptr) return Error{in_quotes(word) + " is no path"};
    dir.route_map = pool_new<RouteMapLine>(parms->pool, RouteMapLine{path, position_of(parms)});
    return {};
  });
}

const char* plivo_set_plan_word(cmd_parms* parms, void* config, const char* argument) {
  return set_in_section(parms, config, [&](DirConfig& dir) -> Result<void> {
    const std::string_view word = argument;
    return read_plan_line(parms->cmd->name, {&word, 1}, position_of(parms),
                          own_lines(parms->pool, dir));
  });
}

const char* plivo_set_fallback(cmd_parms* parms, void* config, const char* argument) {
  return set_in_section(parms, config, [&](DirConfig& dir) -> Result<void> {
    const char* path = ap_server_root_relative(parms->pool, argument);
    if (path == nullptr) return Error{"\"" + std::string(argument) + "\" is no path"};
    Result<std::string> bytes = read_file(parms->temp_pool, path);
    if (!bytes) return bytes.error();
    const std::string name = in_quotes(path) + ": ";
    const Result<std::vector<std::string>> remarks = check_document(*bytes);
    if (!remarks) return Error{name + remarks.error().message};
    auto* file = pool_new<FallbackFile>(
        parms->pool, FallbackFile{std::move(bytes).value(), {}, position_of(parms)});
    for (const std::string& remark : *remarks) file->remarks.push_back(name + remark);
    dir.fallback = file;
    return {};
  });
}

const char* plivo_set_callback_options(cmd_parms* parms, void* config, const char* arguments) {
  const auto set = [&](DirConfig& dir, const Words& words) -> Result<void> {
    Result<std::string> fragment = parse_callback_options(words);
    if (!fragment) return fragment.error();
    dir.callback_fragment = pool_new<std::string>(parms->pool, std::move(fragment).value());
    return {};
  };
  return set_words_in_section(parms, config, arguments, set);
}
