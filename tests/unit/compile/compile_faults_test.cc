// Thirty faults in files that people write: each is refused with its file, its line where it has
// one, and the remedy, and leaves no tables behind.
// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "tests/data/file_faults.h"
#include "tests/unit/compile/compile_fixture.h"

namespace plivo_dial {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;

class FaultOfAFile : public CompileFixture, public testing::WithParamInterface<FileFaultCase> {};

TEST_P(FaultOfAFile, AreRefusedWithFileLineAndRemedy) {
  const FileFaultCase& row = GetParam();
  const std::string kind = row.kind;
  std::string file;
  std::vector<std::string> office = {"office", "Europe/London", "Mon-Fri 09:00-18:00"};
  if (kind == "except" || kind == "calendar") {
    file = put(kind, row.content);
    office.push_back((kind == "except" ? "except=" : "closed=") + file);
  }
  add_schedule(office);
  if (kind == "map") {
    add_map(row.content, {"sales"});
    file = config_.maps[0].path;
  } else if (kind == "list") {
    add_list(row.content);
    file = config_.lists[0].path;
  }
  EXPECT_THAT(faults(), Contains(AllOf(HasSubstr(file + row.place), HasSubstr(row.words))));
}

// Overrides and documents are read by requests.
std::vector<FileFaultCase> faults_of_tables() {
  std::vector<FileFaultCase> faults(std::begin(kFileFaults), std::end(kFileFaults));
  std::erase_if(faults, [](const FileFaultCase& fault) {
    return std::string_view(fault.kind) == "override" || std::string_view(fault.kind) == "xml";
  });
  return faults;
}

INSTANTIATE_TEST_SUITE_P(Files, FaultOfAFile, testing::ValuesIn(faults_of_tables()),
                         [](const auto& one) { return one.param.name; });

using CompileFaults = CompileFixture;

TEST_F(CompileFaults, FileThatIsMissingIsOneOfItsLine) {
  add_schedule({"office", "Europe/London", "except=/nowhere/holidays.txt"});
  config_.maps.push_back({"/nowhere/numbers.txt", {}, "/a.conf:2"});
  EXPECT_THAT(faults(), Contains(AllOf(HasSubstr("/a.conf:1: PlivoSchedule: "),
                                       HasSubstr("/nowhere/holidays"))));
  EXPECT_THAT(faults(), Contains(AllOf(HasSubstr("/a.conf:2: PlivoRouteMap: "),
                                       HasSubstr("/nowhere/numbers"))));
}

TEST_F(CompileFaults, ZoneThatIsNoneHasTheNearestOne) {
  add_schedule({"office", "Europe/Lodnon", "Mon-Fri 09:00-18:00"});
  EXPECT_THAT(faults(),
              Contains(AllOf(HasSubstr("/a.conf:1: PlivoSchedule: "), HasSubstr("Europe/London"))));
}

TEST_F(CompileFaults, AllAreToldAtOnce) {
  add_schedule({"office", "Europe/Lodnon", "Mon-Fri 09:00-18:00"});
  add_map("+1415 x\nbad\n+14155550199 +14155550111 x\n");
  add_list("bad\n");
  EXPECT_EQ(faults().size(), 7u) << testing::PrintToString(faults());
}

TEST_F(CompileFaults, MessageHasThemOneALine) {
  add_map("bad\nworse\n");
  const auto tables = compile_tables(config_, kCompileNow);
  ASSERT_FALSE(tables);
  std::string all;
  for (const std::string& fault : tables.error().faults) all += (all.empty() ? "" : "\n") + fault;
  EXPECT_EQ(tables.error().message, all);
}

}  // namespace
}  // namespace plivo_dial
