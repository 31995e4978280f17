// File: mod_plivo_dial/config/answer_book.h
//
// From configuration to answers: the plan of a number with everything that its documents need,
// prepared once for each different merged configuration. Use AnswerBooks in a request; resolve_plan
// when the request's configuration is not among them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "lib/base/result.h"
#include "lib/plan/prepared_answers.h"
#include "mod_plivo_dial/config/config.h"

namespace plivo_dial {

// A plan and what its documents take from the configuration.
struct ResolvedPlan {
  Plan plan;
  AnswerUrls urls;
  Position position;                        // of its section
  const CallerRules* callers = nullptr;     // of the configuration; null: all calls are taken
  std::vector<Position> idle_lines;         // of PlivoOn, which has no dial to follow here
  std::optional<PreparedAnswers> prepared;  // nothing where documents depend on the request
};

// The plan of `config`: a Location, or a <PlivoNumber> merged onto one. Fails, with the position
// of the line that has to change, when a URL is needed and PlivoPublicURL is missing.
Result<ResolvedPlan> resolve_plan(const DirConfig& config, std::string name);

// The document of `step` that was prepared for all calls; null where it has to be rendered.
const SlottedDocument* prepared_document(const ResolvedPlan& plan, const Step& step,
                                         bool with_prompts, const CallFacts& facts);

// The document of `step`, as a view into `plan` or into `buffer`, where it is rendered when it was
// not prepared. Fails as render_step.
Result<std::string_view> document_of(const ResolvedPlan& plan, const Step& step, bool with_prompts,
                                     const CallFacts& facts, std::string& buffer);

// The configuration that decides for a number, given by its digits ("" for none): the
// <PlivoNumber>, or the default section, or the Location itself.
struct Decision {
  const DirConfig* config;  // merged, in the pool that was given
  std::string name;
};
Decision decide(apr_pool_t* pool, const DirConfig& location, std::string_view digits);

// Whether our account placed the call, so that From is ours and not To.
bool is_placed_by_us(const Webhook& webhook);

// The number of ours that a webhook is about, as digits: To, or From for a call that we placed.
// "" when it is no phone number. A view into the webhook.
std::string_view our_number(const Webhook& webhook);

// All plans of one merged configuration, prepared. Immutable.
class AnswerBook {
 public:
  static Result<AnswerBook> make(apr_pool_t* scratch, const DirConfig& location);
  const ResolvedPlan& find(std::string_view digits) const;

  // The Location's own.
  const ResolvedPlan& own() const { return *own_; }

  // Every plan: the Location's own, that of each number, and of <PlivoNumber default>.
  std::vector<const ResolvedPlan*> plans() const;

 private:
  Result<void> add_numbers(apr_pool_t* scratch, const DirConfig& location);

  std::optional<ResolvedPlan> own_;
  std::optional<ResolvedPlan> otherwise_;
  std::unordered_map<std::string, ResolvedPlan, NumberTable::Hash, std::equal_to<>> numbers_;
};

// The books by the layers of the configuration that they were made from.
class AnswerBooks {
 public:
  // Null when none was made for `config`: Locations overlap in a way that only requests show.
  const AnswerBook* find(const DirConfig& config) const;
  bool contains(const Layers& layers) const { return books_.contains(layers); }
  void add(const Layers& layers, AnswerBook book) { books_.emplace(layers, std::move(book)); }

 private:
  std::unordered_map<Layers, AnswerBook, LayersHash> books_;
};

}  // namespace plivo_dial
