// SPDX-License-Identifier: Apache-2.0
// `plivo-dialctl compile`: tables in the spool, and what is told of them.
#include "mod_plivo_dial/ctl/tables/compile_command.h"

#include <gmock/gmock.h>

#include "lib/spool/spool_layout.h"
#include "lib/tables/tables_view.h"
#include "mod_plivo_dial/ctl/exit_status.h"
#include "mod_plivo_dial/ctl/tables/compile_report.h"
#include "tests/unit/ctl/tables/tables_program.h"

namespace plivo_dial::ctl {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class CompileCommand : public TablesProgram {
 protected:
  Ran compile(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.end(), {"--httpd", program()});
    return run_subcommand(add_compile_command, "compile", std::move(arguments));
  }
  std::string image() const { return path_in_spool(spool_, kTablesFile); }
  bool has_image() const { return std::filesystem::exists(image()); }
};

TEST_F(CompileCommand, PutsTablesIntoTheSpoolAndTellsWhatIsInThem) {
  add_schedules();
  const std::string map = add_map("+14155550199 +14155550101\n+1415* +14155550102\n");
  const Ran ran = compile();
  EXPECT_EQ(ran.status, kExitOk) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("schedule always: open, and no change is known: weekly "
                                       "hours\n"),
                             HasSubstr("schedule seldom: closed: the override file\n"),
                             HasSubstr("route map " + map + ": 2 lines\n"),
                             HasSubstr(" of tables into " + image() + "; ")));
  const Result<TablesView> view = TablesView::open(image(), tables_);
  ASSERT_TRUE(view.ok()) << view.error().message;
  EXPECT_EQ(view->map(map)->size(), 2U);
  struct stat file {};
  ASSERT_EQ(stat(image().c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, kSpoolFileMode);
}

TEST_F(CompileCommand, JsonHasTheSame) {
  add_schedules();
  tables_.lists = {{files_.write("callers.txt", "anonymous\n+1415*\n"), "/etc/a.conf:7"}};
  const json told = json::parse(compile({"--json"}).out, nullptr, false);
  EXPECT_EQ(told["made"], true);
  EXPECT_EQ(told["image"], image());
  EXPECT_EQ(told["size"], std::filesystem::file_size(image()));
  EXPECT_EQ(told["schedules"][0], (json{{"name", "always"},
                                        {"zone", "Etc/UTC"},
                                        {"open", true},
                                        {"reason", "weekly hours"},
                                        {"until", nullptr}}));
  EXPECT_EQ(told["schedules"][1]["open"], false);
  EXPECT_THAT(told["maps"], IsEmpty());
  EXPECT_EQ(told["lists"][0]["entries"], 2);
}

TEST_F(CompileCommand, DryRunPutsNothingThere) {
  add_map("+14155550199 +14155550101\n");
  const Ran ran = compile({"--dry-run"});
  EXPECT_EQ(ran.status, kExitOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("nothing was put into the spool"));
  EXPECT_FALSE(has_image());
}

TEST_F(CompileCommand, FaultsAreToldAllAndTheTablesStay) {
  add_schedules();
  add_map("+14155550199 +14155550101\n");
  ASSERT_EQ(compile().status, kExitOk);
  const auto before = std::filesystem::last_write_time(image());
  const std::string map = add_map("4155550199 +14155550101\n+14155550188 - plan=none\n");
  const Ran ran = compile();
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out,
              AllOf(HasSubstr("fault: " + map + ":1: "), HasSubstr("fault: " + map + ":2: "),
                    HasSubstr("2 faults: no tables are made")));
  EXPECT_EQ(std::filesystem::last_write_time(image()), before);
  const json told = json::parse(compile({"--json"}).out, nullptr, false);
  EXPECT_EQ(told["made"], false);
  EXPECT_THAT(told["faults"], testing::SizeIs(2));
}

TEST_F(CompileCommand, ConfigurationWithoutTablesHasNothingToMake) {
  const Ran ran = compile();
  EXPECT_EQ(ran.status, kExitOk);
  EXPECT_THAT(ran.out, HasSubstr("Nothing to make"));
  EXPECT_FALSE(has_image());
}

TEST_F(CompileCommand, SpoolOrConfigurationThatIsMissingIsAnErrorOfItsOwn) {
  add_map("+14155550199 +14155550101\n");
  std::filesystem::remove(spool_);
  const Ran no_spool = compile({"--json"});
  EXPECT_EQ(no_spool.status, 3);
  EXPECT_EQ(no_spool.out, "");
  EXPECT_THAT(no_spool.err, HasSubstr("the spool"));
  const Ran no_httpd = run_subcommand(add_compile_command, "compile", {"--httpd", "/bin/false"});
  EXPECT_EQ(no_httpd.status, 3);
  EXPECT_EQ(run_subcommand(add_compile_command, "compile", {"--httpd", "false"}).status,
            kExitUsage);
}

TEST_F(CompileCommand, OverrideFileWithAFaultIsARemark) {
  add_schedules();
  files_.write("override", "clsed\n");
  const Ran ran = compile();
  EXPECT_EQ(ran.status, kExitOk);
  EXPECT_THAT(ran.out, AllOf(HasSubstr("remark: PlivoSchedule seldom: "), HasSubstr("clsed")));
}

// 2026-11-30 is a Monday.
TEST(CompileReportOf, ScheduleTellsWhenItChangesByItsOwnClock) {
  CompileReport report;
  report.image = "/spool/tables";
  report.schedules = {
      {"office", "Europe/Berlin", true, false, "weekly hours", 1'796'057'100, "2026-11-30T17:45"},
      {"night", "Europe/Berlin", false, true, "the override file", 1'796'057'100,
       "2026-11-30T17:45"}};
  EXPECT_THAT(render_compile(report),
              AllOf(HasSubstr("schedule office: open until 2026-11-30T17:45 by the clock of "
                              "Europe/Berlin: weekly hours\n"),
                    HasSubstr("schedule night: closed until 2026-11-30T17:45 by the clock of "
                              "Europe/Berlin: the override file\n")));
  const json told = json::parse(render_compile_json(report), nullptr, false);
  EXPECT_EQ(told["schedules"][0]["until"], "2026-11-30T16:45:00.000000Z");
}

}  // namespace
}  // namespace plivo_dial::ctl
