// SPDX-License-Identifier: Apache-2.0
#include "lib/schedule/exceptions_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/schedule/date_text.h"

namespace plivo_dial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(ExceptionsFile, IsRead) {
  const ExceptionsFile file = parse_exceptions(
      "\xEF\xBB\xBF# office\n"
      "\n"
      "2026-12-25 closed # Christmas\r\n"
      "  2026-12-24\t09:00-13:00\n"
      "2026-12-31 22:00-02:00, 12:00-15:00\n"
      "2027-01-02..2027-01-04 Closed #\n"
      "*-02-29 00:00-24:00");
  ASSERT_TRUE(file.faults.none()) << file.faults.lines("f").front();
  ASSERT_EQ(file.lines.size(), 5u);
  EXPECT_EQ(file.lines[0].line, 3);
  EXPECT_EQ(file.lines[0].text, "Christmas");
  EXPECT_THAT(file.lines[0].hours, IsEmpty());
  EXPECT_THAT(file.lines[1].hours, ElementsAre(ClockSpan{540, 780}));
  EXPECT_THAT(file.lines[2].hours, ElementsAre(ClockSpan{720, 900}, ClockSpan{1320, 1560}));
  EXPECT_EQ(date_text(file.lines[3].first), "2027-01-02");
  EXPECT_EQ(date_text(file.lines[3].last), "2027-01-04");
  EXPECT_TRUE(file.lines[4].every_year);
}

TEST(ExceptionsFile, FindsTheLineOfADay) {
  const ExceptionsFile file = parse_exceptions(
      "*-12-25 closed\n2026-12-25 10:00-11:00\n2026-12-27..2027-01-02 closed\n*-02-29 closed\n");
  ASSERT_TRUE(file.faults.none());
  const auto line_on = [&file](const char* date) {
    const ExceptionLine* line = exception_on(file, *parse_date(date));
    return line == nullptr ? 0 : line->line;
  };
  EXPECT_EQ(line_on("2026-12-25"), 2) << "the date with its year wins";
  EXPECT_EQ(line_on("2027-12-25"), 1);
  EXPECT_EQ(line_on("2026-12-26"), 0);
  EXPECT_EQ(line_on("2026-12-27"), 3);
  EXPECT_EQ(line_on("2027-01-02"), 3);
  EXPECT_EQ(line_on("2027-01-03"), 0);
  EXPECT_EQ(line_on("2028-02-29"), 4);
  EXPECT_EQ(line_on("2027-02-28"), 0);
}

struct FaultyLine {
  const char* line;
  const char* message;
};

constexpr FaultyLine kFaulty[] = {
    {"2026-02-29 closed", "there is no day \"2026-02-29\""},
    {"2026-13-01 closed", "there is no day \"2026-13-01\"; month and day are in this order"},
    {"2026-04-31 09:00-10:00", "there is no day \"2026-04-31\""},
    {"*-02-30 closed", "there is no day \"*-02-30\""},
    {"25.12.2026 closed",
     "\"25.12.2026\" is no date; write year, month and day such as 2026-12-25"},
    {"12/25/2026 closed", "is no date"},
    {"2026-12-5 closed", "is no date"},
    {"26-12-25 closed", "is no date"},
    {"1969-12-31 closed", "is no date"},
    {"Christmas closed", "or *-12-25 for every year"},
    {"* closed", "is no date"},
    {"closed 2026-12-25", "\"closed\" is no date"},
    {"2026-12-25", "hours are missing behind the date; write closed"},
    {"2026-12-25 # closed", "hours are missing"},
    {"2026-12-25 open", "write 00:00-24:00 for the whole day"},
    {"2026-12-25 close", "did you mean closed?"},
    {"2026-12-25 holiday", "\"holiday\" is neither closed nor hours such as 09:00-13:00"},
    {"2026-12-25 closed Christmas", "\"closed Christmas\" is neither closed nor hours"},
    {"2026-12-25 9-13", "\"9\" is no time"},
    {"2026-12-25 09:00", "is no span of hours"},
    {"2026-12-25 09:00-25:00", "\"25:00\" is no time"},
    {"2026-12-25 09:00-09:00", "has no length"},
    {"2026-12-25 09:00-12:00,11:00-13:00", "11:00-13:00 overlaps with 09:00-12:00"},
    {"2026-12-25 09:00-12:00,", "is no span"},
    {"2026-12-25 24:00-02:00", "begins at 24:00"},
    {"2027-01-02..2026-12-27 closed", "ends before it begins; write 2026-12-27..2027-01-02"},
    {"2026-12-27..2036-12-30 closed", "is the year right? Else split it"},
    {"*-12-24..*-12-26 closed", "is of every year; write its years"},
    {"2026-12-24.. closed", "\"closed\" is no date"},
    {"..2026-12-24 closed", "\"\" is no date"},
    {"2026-12-24...2026-12-26 closed", "is no date"},
    {"2026\xE2\x80\x91"
     "12-24 closed",
     "write \"2026-12-24 closed\""},
    {"2024-06-01 closed", "2024-06-01 stands in line 1 already; leave one of them"},
    {"2024-05-30..2024-06-02 closed", "2024-06-01 stands in line 1 already"},
    {"*-07-01 closed", "*-07-01 stands in line 2 already"},
    {"2026-12-25 09:00-\xFF", "is no time"},
};

TEST(ExceptionsFile, ReportsEachFaultWithLineAndRemedy) {
  static_assert(std::size(kFaulty) >= 30);
  std::string content = "2024-06-01 closed\n*-07-01 closed\n";
  for (const FaultyLine& faulty : kFaulty) content += std::string(faulty.line) + "\n# and on\n";
  const ExceptionsFile file = parse_exceptions(content);
  ASSERT_EQ(file.faults.count(), std::size(kFaulty));
  EXPECT_EQ(file.lines.size(), 2u);
  for (std::size_t i = 0; i < std::size(kFaulty); ++i) {
    const FileFault& fault = file.faults.first()[i];
    EXPECT_EQ(fault.line, static_cast<int>(3 + 2 * i)) << kFaulty[i].line;
    EXPECT_THAT(fault.message, HasSubstr(kFaulty[i].message)) << kFaulty[i].line;
  }
}

TEST(ExceptionsFile, StopsReportingWhereItHelpsNoMore) {
  std::string content;
  for (int i = 0; i < 52; ++i) content += "nonsense\n";
  const ExceptionsFile file = parse_exceptions(content);
  const auto lines = file.faults.lines("holidays.txt");
  ASSERT_EQ(lines.size(), 51u);
  EXPECT_THAT(lines[49], HasSubstr("holidays.txt:50: \"nonsense\" is no date"));
  EXPECT_EQ(lines[50], "holidays.txt: and 2 more faults");
}

TEST(ExceptionsFile, HasLimits) {
  const ExceptionsFile large = parse_exceptions(std::string(kLargestExceptionsFile + 1, '\n'));
  EXPECT_THAT(large.faults.lines("f"), ElementsAre(HasSubstr("f: has 1048577 bytes")));
  std::string content;
  for (int year = 1970; year < 2000; ++year) {
    content += std::to_string(year) + "-01-01.." + std::to_string(year) + "-12-31 closed\n";
  }
  const ExceptionsFile many = parse_exceptions(content);
  ASSERT_EQ(many.faults.count(), 1u);
  EXPECT_EQ(many.faults.first()[0].line, 28);
  EXPECT_THAT(many.faults.first()[0].message, HasSubstr("more than 10000 days; take out"));
  EXPECT_TRUE(parse_exceptions(std::string(kLargestExceptionsFile, '\n')).faults.none());
}

TEST(ExceptionsFile, KeepsTextThatCanBeShown) {
  const ExceptionsFile file = parse_exceptions("2026-12-25 closed # No\xEBl # \xFF");
  ASSERT_EQ(file.lines.size(), 1u);
  EXPECT_EQ(file.lines[0].text, "No\xEF\xBF\xBDl # \xEF\xBF\xBD");
}

}  // namespace
}  // namespace plivo_dial
