// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/check/taken_requests.h"

#include <algorithm>
#include <cstring>

#include "mod_plivo_dial/config/directive_lines.h"
#include "mod_plivo_dial/config/handler_word.h"
#include "mod_plivo_dial/config/sections.h"
#include "mod_plivo_dial/config/servers.h"

namespace plivo_dial {
namespace {

// Who has the last word about `url`. Of <If> sections, which only a request decides, each is a
// candidate.
std::vector<const DirectiveLine*> winners(apr_pool_t* pool,
                                          const std::vector<const DirectiveLine*>& ordered,
                                          const std::string& url) {
  const DirectiveLine* last = nullptr;
  std::vector<const DirectiveLine*> conditional;
  for (const DirectiveLine* line : ordered) {
    if (line->location != nullptr && !covers(pool, line->location, url)) continue;
    if (line->condition != nullptr) {
      conditional.push_back(line);
    } else if (line->location != nullptr) {
      last = line;
    }
  }
  if (last != nullptr) conditional.insert(conditional.begin(), last);
  return conditional;
}

bool is_known(const std::vector<TakenRequests>& taken, const DirectiveLine& ours,
              const DirectiveLine& theirs) {
  return std::any_of(taken.begin(), taken.end(), [&](const TakenRequests& known) {
    return to_string(known.ours) == to_string(position_of(ours.line)) &&
           to_string(known.theirs) == to_string(position_of(theirs.line));
  });
}

// Adds who takes requests for `url` from `ours`, each once; whether anybody takes all of them.
bool add_takers(apr_pool_t* pool, const std::vector<const DirectiveLine*>& ordered,
                const DirectiveLine& ours, const std::string& url,
                std::vector<TakenRequests>& taken) {
  bool all = false;
  for (const DirectiveLine* line : winners(pool, ordered, url)) {
    // What an expression gives is known with a request alone.
    if (our_handler(line->word.c_str()) != nullptr || is_handler_expression(line->word)) continue;
    all = all || line->condition == nullptr;
    if (is_known(taken, ours, *line)) continue;
    const ap_directive_t* section = line->condition != nullptr ? line->condition : line->location;
    taken.push_back({position_of(ours.line), plain_location(pool, ours.location), url,
                     position_of(line->line), line->word, as_written(section),
                     line->condition != nullptr,
                     ours.virtual_host == nullptr && line->virtual_host != nullptr});
  }
  return all;
}

void add_takers_of(apr_pool_t* pool, const std::vector<const DirectiveLine*>& ordered,
                   const DirectiveLine& ours, std::vector<TakenRequests>& taken) {
  const std::vector<std::string> urls = own_urls(plain_location(pool, ours.location));
  if (add_takers(pool, ordered, ours, urls[0], taken)) return;
  for (std::size_t i = 1; i < urls.size(); ++i) add_takers(pool, ordered, ours, urls[i], taken);
}

}  // namespace

std::vector<TakenRequests> taken_requests(apr_pool_t* pool, const server_rec* main_server) {
  const std::vector<DirectiveLine> lines = directive_lines(pool, "SetHandler");
  std::vector<TakenRequests> taken;
  for (const server_rec* server : servers_in_order(main_server)) {
    const std::vector<const DirectiveLine*> ordered = in_order_of_merging(lines, server);
    for (const DirectiveLine* line : ordered) {
      const bool ours = our_handler(line->word.c_str()) != nullptr && line->condition == nullptr &&
                        !plain_location(pool, line->location).empty();
      if (ours) add_takers_of(pool, ordered, *line, taken);
    }
  }
  return taken;
}

}  // namespace plivo_dial
