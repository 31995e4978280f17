// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/ctl/httpd/dumped_plan.h"

namespace plivo_dial::ctl {
namespace {

constexpr std::size_t kPlanIndent = 4;
constexpr std::size_t kPartIndent = 6;
constexpr std::size_t kDetailIndent = 8;

// "plan x  (file:7)" without the position, which goes to `position`.
std::string without_position(std::string_view line, std::string& position) {
  const std::size_t mark = line.rfind("  (");
  if (mark == std::string_view::npos || !line.ends_with(')')) return std::string(line);
  position = line.substr(mark + 3, line.size() - mark - 4);
  return std::string(line.substr(0, mark));
}

// Whether `line` begins with `word`; what stands behind it goes to `rest`.
bool takes(std::string_view line, std::string_view word, std::string& rest) {
  if (!line.starts_with(word)) return false;
  rest = line.substr(word.size());
  return true;
}

void read_part(std::string_view content, DumpedPlan& plan) {
  if (content.starts_with("stage ")) {
    without_position(content, plan.stages.emplace_back().position);
  } else if (content.starts_with("no stages: ") ||
             takes(content, "every dial: ", plan.every_dial) ||
             takes(content, "caller id: ", plan.caller_id) ||
             takes(content, "rings for at most ", plan.longest_ringing) ||
             takes(content, "action ", plan.action) || takes(content, "callback ", plan.callback)) {
    return;
  } else if (takes(content, "nobody reached: ", plan.not_reached)) {
    std::string position;
    if (!plan.not_reached.starts_with("speaks ")) {
      plan.not_reached = without_position(plan.not_reached, position);
    }
  } else {
    plan.prompts.emplace_back(content);
  }
}

void read_detail(std::string_view content, DumpedPlan& plan) {
  if (!plan.not_reached.empty()) {
    plan.voicemail.emplace_back(content);
  } else if (!plan.stages.empty() && !takes(content, "dial: ", plan.stages.back().dial)) {
    plan.stages.back().targets.emplace_back(content);
  }
}

}  // namespace

void read_line_of_plan(std::size_t indent, std::string_view content,
                       std::vector<DumpedPlan>& plans) {
  if (indent == kPlanIndent && content.starts_with("plan ")) {
    DumpedPlan& plan = plans.emplace_back();
    plan.name = without_position(content.substr(5), plan.position);
  } else if (plans.empty()) {
    return;
  } else if (indent == kPartIndent) {
    read_part(content, plans.back());
  } else if (indent == kDetailIndent) {
    read_detail(content, plans.back());
  }
}

}  // namespace plivo_dial::ctl
