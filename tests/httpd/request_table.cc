// SPDX-License-Identifier: Apache-2.0
#include "tests/httpd/request_table.h"

#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "tests/httpd/process.h"

namespace plivo_dial::test {
namespace {

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line.substr(1));
  for (std::string cell; std::getline(stream, cell, '|');) {
    while (!cell.empty() && cell.back() == ' ') cell.pop_back();
    // Where a man page, whose columns are narrow, may break a long word.
    constexpr std::string_view kBreak = "&#8203;";
    const std::size_t at = cell.find(kBreak);
    if (at != std::string::npos) cell.erase(at, kBreak.size());
    cells.push_back(cell);
  }
  return cells;
}

}  // namespace

std::vector<RequestRow> request_table() {
  std::istringstream lines(
      read_file(std::string(SOURCE_DIR) + "/mod_plivo_dial/manual/mod_plivo_dial.adoc"));
  std::vector<RequestRow> rows;
  bool inside = false;
  bool header = true;
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with("test=requests]")) inside = true;
    if (!inside || !line.starts_with('|')) continue;
    if (line == "|===" && !rows.empty()) return rows;
    if (line == "|===" || std::exchange(header, false)) continue;
    const std::vector<std::string> cells = cells_of(line);
    if (cells.size() != 5) throw std::runtime_error("no row of five cells: " + line);
    // "all": each but `event`.
    std::istringstream places(
        cells[1] == "all" ? "answer action callback ring hangup fallback confirm music recording"
                          : cells[1]);
    for (std::string place; places >> place;) {
      rows.push_back({cells[0], place, cells[2], cells[3], std::stoul(cells[4])});
    }
  }
  throw std::runtime_error("mod_plivo_dial.adoc has no table of requests");
}

}  // namespace plivo_dial::test
