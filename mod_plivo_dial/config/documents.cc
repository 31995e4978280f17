// SPDX-License-Identifier: Apache-2.0
#include "mod_plivo_dial/config/documents.h"

#include "lib/plan/follow_up.h"

namespace plivo_dial {
namespace {

// The steps of one section's lines.
std::vector<const FollowUp*> steps_of(const PlanLines& lines) {
  std::vector<const FollowUp*> steps;
  if (lines.begin) steps.push_back(&*lines.begin);
  if (lines.follow_ups) {
    for (const FollowUp& line : *lines.follow_ups) steps.push_back(&line);
  }
  if (lines.menus) {
    for (const Menu& menu : *lines.menus) {
      for (const Menu::Line& line : menu.lines) steps.push_back(&line.step);
    }
  }
  return steps;
}

}  // namespace

void Documents::add(const DirConfig& config, std::vector<std::string>& errors,
                    std::vector<std::string>& warnings) {
  add_lines(config.plan, errors, warnings);
  if (config.numbers == nullptr) return;
  for (const auto& [digits, section] : config.numbers->sections) {
    add_lines(section.config->plan, errors, warnings);
  }
  if (config.numbers->otherwise != nullptr) {
    add_lines(config.numbers->otherwise->config->plan, errors, warnings);
  }
}

void Documents::add_lines(const PlanLayer* top, std::vector<std::string>& errors,
                          std::vector<std::string>& warnings) {
  for (; top != nullptr; top = top->below) {
    for (const FollowUp* step : steps_of(*top->lines)) {
      if (step->kind != FollowUp::Kind::kDocument) continue;
      const auto [place, added] = files_.try_emplace(step->file);
      if (!added) continue;
      const std::string where = to_string(step->position) + ": xml=" + step->file + ": ";
      place->second.line = where;
      Result<std::unique_ptr<DocumentFile>> file = DocumentFile::open(step->file);
      if (!file) {
        errors.push_back(where + file.error().message);
        continue;
      }
      place->second.file = std::move(file).value();
      for (const std::string& remark : place->second.file->current(0)->remarks()) {
        warnings.push_back(where + remark);
      }
    }
  }
}

Result<std::string> Documents::filled(std::string_view path, const RequestParameters& parameters,
                                      std::int64_t now_us) const {
  const auto place = files_.find(path);
  if (place == files_.end() || !place->second.file) {
    return Error{"there is no document " + std::string(path)};
  }
  const auto value_of = [&](std::string_view name) {
    return parameters.find(name).value_or(std::string_view());
  };
  return place->second.file->current(now_us)->fill(value_of);
}

std::vector<std::pair<std::string, std::string>> Documents::files() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& [path, named] : files_) {
    if (named.file) all.emplace_back(path, named.line);
  }
  return all;
}

std::vector<std::string> Documents::new_faults(std::int64_t now_us) const {
  std::vector<std::string> faults;
  for (const auto& [path, named] : files_) {
    if (!named.file) continue;
    if (std::optional<std::string> fault = named.file->new_fault(now_us)) {
      faults.push_back(std::move(*fault));
    }
  }
  return faults;
}

}  // namespace plivo_dial
