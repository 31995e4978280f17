// SPDX-License-Identifier: Apache-2.0
#include "lib/compile/compile_tables.h"

#include <gmock/gmock.h>

#include "lib/image/image_writer.h"
#include "lib/tables/tables.h"
#include "lib/tables/tables_image.h"
#include "tests/unit/compile/compile_fixture.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class CompileTablesTest : public CompileFixture {
 protected:
  // The tables as requests see them.
  std::shared_ptr<const TablesView> made() {
    const auto tables = compile_tables(config_, kCompileNow);
    if (!tables) {
      ADD_FAILURE() << tables.error().message;
      return nullptr;
    }
    remarks_ = tables->remarks;
    const std::string path = directory_ + "/tables";
    EXPECT_TRUE(write_image(path, tables->image));
    Result<TablesView> view = TablesView::open(path, config_);
    EXPECT_TRUE(view);
    return std::shared_ptr<const TablesView>(new TablesView(std::move(view).value()));
  }

  std::vector<std::string> remarks_;
};

TEST_F(CompileTablesTest, HoldsSchedulesMapsAndLists) {
  add_schedule({"office", "Europe/London", "Mon-Fri 09:00-18:00"});
  add_schedule({"night", "America/New_York", "Mon-Sun 22:00-06:00"});
  add_map("+14155550199 +14155550111 schedule=office\n+1415777* - plan=sales\n", {"sales"});
  add_list("+1900*\nanonymous\n");
  const auto view = made();
  ASSERT_NE(view, nullptr);
  const Instant now = kCompileNow / 1'000'000;  // a Monday, 16:00 in London and 11:00 in New York
  ASSERT_NE(view->schedule("office"), nullptr);
  EXPECT_TRUE(view->schedule("office")->state_at(now)->open);
  EXPECT_FALSE(view->schedule("night")->state_at(now)->open);
  EXPECT_FALSE(view->schedule("office")->state_at(now + 3 * 3600)->open);
  const auto found = view->map(config_.maps[0].path)->find({"14157771234", "", ""});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->route.plan, "sales");
  EXPECT_TRUE(view->list(config_.lists[0].path)->find("+19005550100"));
  EXPECT_EQ(digest_in(view->image()), digest_of(config_));
  EXPECT_EQ(outdated(view->image(), digest_of(config_), kCompileNow), std::nullopt);
}

TEST_F(CompileTablesTest, ReadsExceptionsAndCalendars) {
  const std::string holidays = put("holidays.txt", "2026-12-01 closed  # Staff day\n");
  const std::string fair = put("fair.ics",
                               "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\n"
                               "UID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20261205T100000Z\r\n"
                               "DTEND:20261205T120000Z\r\nSUMMARY:Fair\r\nEND:VEVENT\r\n"
                               "END:VCALENDAR\r\n");
  add_schedule({"office", "Etc/UTC", "Mon-Fri 09:00-18:00", "except=" + holidays, "open=" + fair});
  const auto view = made();
  ASSERT_NE(view, nullptr);
  const OpeningsView& office = *view->schedule("office");
  const Instant tuesday = kCompileNow / 1'000'000 + 86'400 - 4 * 3600;  // 12:00
  EXPECT_FALSE(office.state_at(tuesday)->open);
  EXPECT_EQ(office.state_at(tuesday)->reason, "holidays.txt:1: Staff day");
  EXPECT_TRUE(office.state_at(tuesday + 86'400)->open);
  const Instant saturday = tuesday + 4 * 86'400 - 3600;  // 11:00
  EXPECT_TRUE(office.state_at(saturday)->open);
  EXPECT_EQ(office.state_at(saturday)->reason, "calendar fair.ics: Fair");
  EXPECT_THAT(files_of(config_), UnorderedElementsAre(holidays, fair));
  put("holidays.txt", "2026-12-02 closed\n");
  EXPECT_THAT(outdated(view->image(), digest_of(config_), kCompileNow).value_or(""),
              HasSubstr("holidays.txt\" has changed"));
}

TEST_F(CompileTablesTest, PassesRemarksOnWithTheirFile) {
  add_map("+14155550199 +14155550111\r\n");
  ASSERT_NE(made(), nullptr);
  EXPECT_THAT(remarks_, ElementsAre(HasSubstr(config_.maps[0].path + ": ")));
}

TEST_F(CompileTablesTest, WithoutAnyLineIsAnEmptyImage) {
  EXPECT_NE(made(), nullptr);
}

}  // namespace
}  // namespace plivo_dial
