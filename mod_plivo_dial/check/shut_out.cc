// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/shut_out.h"

#include <strings.h>

#include <algorithm>
#include <initializer_list>

#include "mod_plivo_dial/config/directive_lines.h"

namespace plivo_dial {
namespace {

enum class Verdict { kLetsIn, kRefuses, kUnknown };

struct Judgement {
  Verdict verdict = Verdict::kUnknown;
  const ap_directive_t* line = nullptr;  // that refuses
};

bool is(const char* word, const char* other) {
  return strcasecmp(word, other) == 0;
}

bool is_one_of(const char* word, std::initializer_list<const char*> others) {
  return std::any_of(others.begin(), others.end(),
                     [&](const char* other) { return is(word, other); });
}

bool asks_for_password(apr_pool_t* pool, const ap_directive_t* line) {
  const char* arguments = line->args;
  return is_one_of(ap_getword_conf(pool, &arguments), {"valid-user", "user", "group"});
}

Judgement judge_require(apr_pool_t* pool, const ap_directive_t* line, bool has_password) {
  if (asks_for_password(pool, line)) {
    return {has_password ? Verdict::kUnknown : Verdict::kRefuses, line};
  }
  const char* arguments = line->args;
  if (!is(ap_getword_conf(pool, &arguments), "all")) return {};
  const char* whom = ap_getword_conf(pool, &arguments);
  if (is(whom, "granted")) return {Verdict::kLetsIn};
  return {is(whom, "denied") ? Verdict::kRefuses : Verdict::kUnknown, line};
}

Judgement judge_one(apr_pool_t* pool, const ap_directive_t* line, bool has_password);

// One that lets in is enough.
Judgement judge_any(apr_pool_t* pool, const ap_directive_t* first, bool has_password) {
  Judgement all{Verdict::kUnknown};
  for (const ap_directive_t* line = first; line != nullptr; line = line->next) {
    const bool counts = is(line->directive, "Require") || line->first_child != nullptr;
    if (!counts) continue;
    const Judgement one = judge_one(pool, line, has_password);
    if (one.verdict != Verdict::kRefuses) return {one.verdict};
    if (all.line == nullptr) all = one;
  }
  return all;
}

// One that refuses is enough.
Judgement judge_all(apr_pool_t* pool, const ap_directive_t* first, bool has_password) {
  Judgement all{Verdict::kLetsIn};
  for (const ap_directive_t* line = first; line != nullptr; line = line->next) {
    const Judgement one = judge_one(pool, line, has_password);
    if (one.verdict == Verdict::kRefuses) return one;
    if (one.verdict == Verdict::kUnknown) all = one;
  }
  return all;
}

Judgement judge_one(apr_pool_t* pool, const ap_directive_t* line, bool has_password) {
  if (is(line->directive, "Require")) return judge_require(pool, line, has_password);
  if (is(line->directive, "<RequireAny")) return judge_any(pool, line->first_child, has_password);
  if (is(line->directive, "<RequireAll")) return judge_all(pool, line->first_child, has_password);
  return {};
}

// "Order", "Allow" and "Deny" of before httpd 2.4, by mod_access_compat.
Judgement judge_compatibly(apr_pool_t* pool, const ap_directive_t* first) {
  const ap_directive_t* deny = nullptr;   // all
  const ap_directive_t* order = nullptr;  // by which who is not let in by name is refused
  bool allows = false;
  for (const ap_directive_t* line = first; line != nullptr; line = line->next) {
    const char* arguments = line->args;
    const std::string word = ap_getword_conf(pool, &arguments);
    if (is(line->directive, "Allow")) allows = true;
    if (is(line->directive, "Deny") && is(ap_getword_conf(pool, &arguments), "all")) deny = line;
    if (is(line->directive, "Order")) {
      order = is_one_of(word.c_str(), {"allow,deny", "mutual-failure"}) ? line : nullptr;
    }
  }
  if (deny != nullptr && (order != nullptr || !allows)) return {Verdict::kRefuses, deny};
  if (order != nullptr && !allows) return {Verdict::kRefuses, order};
  return {};
}

// The last Location for `url` with a directive of `names`, whose rules replace those of the ones
// before; null where none has one, or an <If> has a say.
const ap_directive_t* deciding_section(apr_pool_t* pool, const server_rec* server,
                                       std::initializer_list<const char*> names,
                                       const std::string& url) {
  const std::vector<DirectiveLine> lines = directive_lines(pool, names);
  const ap_directive_t* last = nullptr;
  for (const DirectiveLine* line : in_order_of_merging(lines, server)) {
    if (line->location != nullptr && !covers(pool, line->location, url)) continue;
    if (line->condition != nullptr) return nullptr;
    if (line->location != nullptr) last = line->location;
  }
  return last;
}

// Whether rules that refuse may be overruled by others.
bool may_be_overruled(apr_pool_t* pool) {
  const std::vector<DirectiveLine> lines = directive_lines(pool, {"AuthMerging", "Satisfy"});
  return std::any_of(lines.begin(), lines.end(), [](const DirectiveLine& line) {
    return is_one_of(line.word.c_str(), {"any", "and", "or"});
  });
}

Judgement judge_url(apr_pool_t* pool, const Section& section, const std::string& url) {
  const bool has_password = configured_endpoint(*section.config) == Endpoint::kEvent;
  if (const ap_directive_t* location = deciding_section(pool, section.server, {"Require"}, url)) {
    const Judgement judged = judge_any(pool, location->first_child, has_password);
    if (judged.verdict == Verdict::kRefuses) return judged;
  }
  const ap_directive_t* location =
      deciding_section(pool, section.server, {"Order", "Allow", "Deny"}, url);
  return location == nullptr ? Judgement{} : judge_compatibly(pool, location->first_child);
}

ShutOut describe(apr_pool_t* pool, const Judgement& judged, const std::string& url) {
  const ap_directive_t* around = judged.line;
  while (around->parent != nullptr &&
         !is_one_of(around->directive, {"<Location", "<LocationMatch"}))
    around = around->parent;
  return {position_of(judged.line), std::string(judged.line->directive) + " " + judged.line->args,
          as_written(around), url, asks_for_password(pool, judged.line)};
}

}  // namespace

std::optional<ShutOut> shut_out(apr_pool_t* pool, const Section& section) {
  if (may_be_overruled(pool)) return std::nullopt;
  for (const std::string& url : own_urls(section.path)) {
    const Judgement judged = judge_url(pool, section, url);
    if (judged.verdict == Verdict::kRefuses) return describe(pool, judged, url);
  }
  return std::nullopt;
}

}  // namespace plivo_dial
