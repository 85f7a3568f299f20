-- now: now
-- The views lead from the files to what each indicator counts: 1 or 0 for its denominator (d) and its numerator (y).
-- Every table is expected under its name, with a column of text for each column of its file.
-- Checks stand between the views and the numbers: where a run would stop, one of them fails and says why.
-- A run leaves out a breakdown by what varies within units: its members are null.
-- In one transaction, nothing answers any more when a statement has failed.

BEGIN TRANSACTION;

CREATE OR REPLACE TEMP VIEW "parties_source" AS
SELECT 'parties' AS file, row_number() OVER () AS place, CAST(NULL AS integer) AS fields,
  normalize(coalesce("is_party", ''), NFC) AS "column_is_party",
  normalize(coalesce("region", ''), NFC) AS "column_region",
  normalize(coalesce("iso", ''), NFC) AS "column_iso"
FROM "parties";

CREATE TEMP TABLE "parties_rows" AS
SELECT *,
  "column_iso" AS "unit",
  CASE WHEN "column_region" = '' THEN '_U' ELSE "column_region" END AS "member_0"
FROM (
  SELECT *,
    CASE WHEN "column_is_party" IN ('', '') THEN 0 WHEN "refused_is_party" THEN 3 WHEN FALSE THEN 2 ELSE 1 END AS "state_is_party",
    CASE WHEN FALSE THEN 0 WHEN FALSE THEN 1 WHEN FALSE THEN 2 WHEN FALSE THEN 3 WHEN FALSE THEN 4 WHEN "fields" IS NOT NULL THEN 5 WHEN "column_iso" = '' THEN 6 END AS "problem"
  FROM (
    SELECT *,
      FALSE AS "refused_is_party"
    FROM (
      SELECT * FROM "parties_source"
    ) AS layer_1
  ) AS layer_2
) AS layer_3;

CREATE OR REPLACE TEMP VIEW "population" AS
SELECT unit, (array_agg(coalesce(("state_is_party" IN (1, 2) AND "column_is_party" IN ('yes')), FALSE) ORDER BY place) )[1] AS belongs, (array_agg((("state_is_party" IN (1, 2) AND "column_is_party" IN ('yes'))) IS NULL ORDER BY place) )[1] AS is_open, (array_agg(member_0 ORDER BY place) )[1] AS stratum_0 FROM (
  SELECT * FROM "parties_rows"
) AS units WHERE problem IS NULL GROUP BY 1;

CREATE OR REPLACE TEMP VIEW "responses_source" AS
SELECT 'responses' AS file, row_number() OVER () AS place, CAST(NULL AS integer) AS fields,
  normalize(coalesce("submitted", ''), NFC) AS "column_submitted",
  normalize(coalesce("Q1", ''), NFC) AS "column_Q1",
  normalize(coalesce("Q2", ''), NFC) AS "column_Q2",
  normalize(coalesce("id", ''), NFC) AS "column_id",
  normalize(coalesce("party", ''), NFC) AS "column_party",
  normalize(coalesce("sector", ''), NFC) AS "column_sector"
FROM "responses";

CREATE OR REPLACE TEMP VIEW "responses_rows" AS
SELECT *,
  coalesce(join_0_value, '_U') AS "stratum_0",
  "column_party" AS "psu"
FROM (
  SELECT *,
    "column_party" AS "unit",
    "column_id" AS "respondent",
    CASE WHEN NOT ("column_submitted" = '') THEN CASE WHEN (CASE WHEN "column_submitted" ~ '^((?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):(?:[0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$' THEN CASE WHEN substr("column_submitted", 1, 4) <> '0000' AND substr("column_submitted", 9, 2) <= CASE WHEN substr("column_submitted", 6, 2) = '02' THEN CASE WHEN (CAST(substr("column_submitted", 1, 4) AS int) % 4 = 0 AND CAST(substr("column_submitted", 1, 4) AS int) % 100 <> 0) OR CAST(substr("column_submitted", 1, 4) AS int) % 400 = 0 THEN '29' ELSE '28' END WHEN substr("column_submitted", 6, 2) IN ('04', '06', '09', '11') THEN '30' ELSE '31' END AND (length("column_submitted") = 10 OR coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ]([01][0-9]|2[0-4]):(?:[0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], '') <> '24' OR replace(concat(coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):([0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], ''), coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):(?:[0-5][0-9])(?::([0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], ''), coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):(?:[0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,]([0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], '')), '0', '') = '') THEN substr("column_submitted", 1, 10) END END) IS NOT NULL THEN ((CAST(CAST(CASE WHEN "column_submitted" ~ '^((?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):(?:[0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$' THEN CASE WHEN substr("column_submitted", 1, 4) <> '0000' AND substr("column_submitted", 9, 2) <= CASE WHEN substr("column_submitted", 6, 2) = '02' THEN CASE WHEN (CAST(substr("column_submitted", 1, 4) AS int) % 4 = 0 AND CAST(substr("column_submitted", 1, 4) AS int) % 100 <> 0) OR CAST(substr("column_submitted", 1, 4) AS int) % 400 = 0 THEN '29' ELSE '28' END WHEN substr("column_submitted", 6, 2) IN ('04', '06', '09', '11') THEN '30' ELSE '31' END AND (length("column_submitted") = 10 OR coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ]([01][0-9]|2[0-4]):(?:[0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], '') <> '24' OR replace(concat(coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):([0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], ''), coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):(?:[0-5][0-9])(?::([0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], ''), coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):(?:[0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,]([0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], '')), '0', '') = '') THEN substr("column_submitted", 1, 10) END END AS date) - DATE '1970-01-01' AS bigint) * 1440 + CAST(concat('0', coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ]([01][0-9]|2[0-4]):(?:[0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], '')) AS bigint) * 60 + CAST(concat('0', coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):([0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], '')) AS bigint) - (CASE WHEN coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):(?:[0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|([+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], '') = '-' THEN -1 ELSE 1 END * (CAST(concat('0', coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):(?:[0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])([01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], '')) AS bigint) * 60 + CAST(concat('0', coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):(?:[0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?([0-5][0-9]))?))?)?)$'))[1], '')) AS bigint)))) * 60 + CAST(concat('0', coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):(?:[0-5][0-9])(?::([0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], '')) AS bigint)) * 1000000 + CAST(substr(concat(coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):(?:[0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,]([0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], ''), '000000'), 1, 6) AS bigint) END END AS "submitted",
    CASE WHEN NOT ("column_submitted" = '') AND (CASE WHEN "column_submitted" ~ '^((?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):(?:[0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$' THEN CASE WHEN substr("column_submitted", 1, 4) <> '0000' AND substr("column_submitted", 9, 2) <= CASE WHEN substr("column_submitted", 6, 2) = '02' THEN CASE WHEN (CAST(substr("column_submitted", 1, 4) AS int) % 4 = 0 AND CAST(substr("column_submitted", 1, 4) AS int) % 100 <> 0) OR CAST(substr("column_submitted", 1, 4) AS int) % 400 = 0 THEN '29' ELSE '28' END WHEN substr("column_submitted", 6, 2) IN ('04', '06', '09', '11') THEN '30' ELSE '31' END AND (length("column_submitted") = 10 OR coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ]([01][0-9]|2[0-4]):(?:[0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], '') <> '24' OR replace(concat(coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):([0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], ''), coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):(?:[0-5][0-9])(?::([0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], ''), coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):(?:[0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,]([0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], '')), '0', '') = '') THEN substr("column_submitted", 1, 10) END END) IS NULL THEN "column_submitted" END AS "submitted_unreadable",
    coalesce(join_0_value, '_U') AS "member_0",
    CASE WHEN "column_sector" = '' THEN '_U' ELSE "column_sector" END AS "member_1"
  FROM (
    SELECT *,
      CASE WHEN "column_submitted" IN ('', '') THEN 0 WHEN "refused_submitted" THEN 3 WHEN FALSE THEN 2 ELSE 1 END AS "state_submitted",
      CASE WHEN "column_Q1" IN ('', '') THEN 0 WHEN "refused_Q1" THEN 3 WHEN FALSE THEN 2 ELSE 1 END AS "state_Q1",
      CASE WHEN "column_Q2" IN ('', '') THEN 0 WHEN "refused_Q2" THEN 3 WHEN FALSE THEN 2 ELSE 1 END AS "state_Q2",
      CASE WHEN FALSE THEN 0 WHEN FALSE THEN 1 WHEN FALSE THEN 2 WHEN FALSE THEN 3 WHEN FALSE THEN 4 WHEN "fields" IS NOT NULL THEN 5 WHEN "column_id" = '' THEN 6 WHEN "column_party" = '' THEN 7 WHEN population_unit IS NULL THEN 8 WHEN population_unit IS NULL THEN 9 WHEN NOT population_belongs THEN 10 WHEN "column_party" = '' THEN 11 END AS "problem"
    FROM (
      SELECT *,
        NOT ("column_submitted" IN ('', '')) AND (("day_submitted" IS NULL AND NOT (FALSE))) AS "refused_submitted",
        NOT ("column_Q1" IN ('', '', 'full', 'part', 'none')) AS "refused_Q1",
        NOT ("column_Q2" IN ('', '', 'true', 'false')) AS "refused_Q2"
      FROM (
        SELECT *,
          CASE WHEN NOT ("column_submitted" IN ('', '')) THEN CASE WHEN "column_submitted" ~ '^((?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):(?:[0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$' THEN CASE WHEN substr("column_submitted", 1, 4) <> '0000' AND substr("column_submitted", 9, 2) <= CASE WHEN substr("column_submitted", 6, 2) = '02' THEN CASE WHEN (CAST(substr("column_submitted", 1, 4) AS int) % 4 = 0 AND CAST(substr("column_submitted", 1, 4) AS int) % 100 <> 0) OR CAST(substr("column_submitted", 1, 4) AS int) % 400 = 0 THEN '29' ELSE '28' END WHEN substr("column_submitted", 6, 2) IN ('04', '06', '09', '11') THEN '30' ELSE '31' END AND (length("column_submitted") = 10 OR coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ]([01][0-9]|2[0-4]):(?:[0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], '') <> '24' OR replace(concat(coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):([0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], ''), coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):(?:[0-5][0-9])(?::([0-5][0-9]|60)(?:[.,](?:[0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], ''), coalesce((regexp_match("column_submitted", '^(?:(?:[0-9]{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt ](?:[01][0-9]|2[0-4]):(?:[0-5][0-9])(?::(?:[0-5][0-9]|60)(?:[.,]([0-9]+))?)?(?:(?: )?(?:[Zz]|(?:[+-])(?:[01][0-9]|2[0-3])(?::?(?:[0-5][0-9]))?))?)?)$'))[1], '')), '0', '') = '') THEN substr("column_submitted", 1, 10) END END END AS "day_submitted"
        FROM (
          SELECT * FROM "responses_source"
        ) AS layer_1
        LEFT JOIN (
          SELECT "column_iso" AS join_0_unit,
            (array_agg(member_0 ORDER BY place) )[1] AS join_0_value
          FROM "parties_rows" WHERE problem IS NULL GROUP BY 1
        ) AS join_0 ON join_0_unit = "column_party"
        LEFT JOIN (
          SELECT unit AS population_unit, belongs AS population_belongs FROM "population"
        ) AS population ON population_unit = "column_party"
      ) AS layer_2
    ) AS layer_3
  ) AS layer_4
) AS layer_5;

CREATE OR REPLACE TEMP VIEW "parties_judged" AS
SELECT "problem",
  "file",
  "place",
  "unit",
  "member_0",
  "answers_refused",
  "d_2",
  "y_2",
  "u_2",
  "k_2"
FROM (
  SELECT *,
    CASE WHEN b_2 AND s_2_yes IS NOT NULL THEN 1 ELSE 0 END AS "d_2",
    CASE WHEN b_2 AND s_2_yes THEN 1 ELSE 0 END AS "y_2",
    CASE WHEN b_2 IS NULL OR (b_2 AND s_2_yes IS NULL) THEN 1 ELSE 0 END AS "u_2",
    CASE WHEN b_2 AND s_2_yes IS NOT NULL THEN 1 ELSE 0 END AS "k_2",
    CASE WHEN "refused_is_party" THEN 1 ELSE 0 END AS "answers_refused"
  FROM (
    SELECT *,
      ((CASE WHEN NOT ("state_is_party" IN (1, 2) AND "column_is_party" IN ('yes')) AND "state_is_party" IN (0, 2) THEN NULL ELSE ("state_is_party" IN (1, 2) AND "column_is_party" IN ('yes')) END) IS NOT NULL) AS "b_2",
      ("state_is_party" IN (1, 2) AND "column_is_party" IN ('yes')) AS "s_2_yes"
    FROM (
      SELECT * FROM "parties_rows"
    ) AS layer_1
  ) AS layer_2
) AS layer_3;

CREATE TEMP TABLE "responses_judged" AS
SELECT "problem",
  "file",
  "place",
  "unit",
  "respondent",
  "submitted",
  "submitted_unreadable",
  "member_0",
  "member_1",
  "stratum_0",
  "psu",
  "answers_refused",
  "d_0",
  "y_0",
  "u_0",
  "k_0",
  "d_1",
  "y_1",
  "u_1",
  "k_1"
FROM (
  SELECT *,
    CASE WHEN b_0 AND s_0_yes IS NOT NULL THEN 1 ELSE 0 END AS "d_0",
    CASE WHEN b_0 AND s_0_yes THEN 1 ELSE 0 END AS "y_0",
    CASE WHEN b_0 IS NULL OR (b_0 AND s_0_yes IS NULL) THEN 1 ELSE 0 END AS "u_0",
    CASE WHEN b_0 AND s_0_yes IS NOT NULL THEN 1 ELSE 0 END AS "k_0",
    CASE WHEN b_1 AND s_1_yes IS NOT NULL THEN 1 ELSE 0 END AS "d_1",
    CASE WHEN b_1 AND s_1_yes THEN 1 ELSE 0 END AS "y_1",
    CASE WHEN b_1 IS NULL OR (b_1 AND s_1_yes IS NULL) THEN 1 ELSE 0 END AS "u_1",
    CASE WHEN b_1 AND s_1_yes IS NOT NULL THEN 1 ELSE 0 END AS "k_1",
    CASE WHEN "refused_submitted" THEN 1 ELSE 0 END + CASE WHEN "refused_Q1" THEN 1 ELSE 0 END + CASE WHEN "refused_Q2" THEN 1 ELSE 0 END AS "answers_refused"
  FROM (
    SELECT *,
      CASE WHEN (CASE WHEN "state_Q1" = 3 THEN NULL WHEN NOT ("state_Q1" IN (1, 2) AND "column_Q1" IN ('full', 'part')) AND "state_Q1" IN (0, 2) THEN NULL ELSE ("state_Q1" IN (1, 2) AND "column_Q1" IN ('full', 'part')) END) IS NOT NULL THEN TRUE WHEN (CASE WHEN "state_Q1" = 3 THEN TRUE WHEN NOT ("state_Q1" IN (1, 2) AND "column_Q1" IN ('full', 'part')) AND "state_Q1" IN (0, 2) THEN NULL ELSE ("state_Q1" IN (1, 2) AND "column_Q1" IN ('full', 'part')) END) OR NOT (CASE WHEN "state_Q1" = 3 THEN FALSE WHEN NOT ("state_Q1" IN (1, 2) AND "column_Q1" IN ('full', 'part')) AND "state_Q1" IN (0, 2) THEN NULL ELSE ("state_Q1" IN (1, 2) AND "column_Q1" IN ('full', 'part')) END) THEN NULL ELSE FALSE END AS "b_0",
      CASE WHEN "state_Q1" = 3 THEN NULL ELSE ("state_Q1" IN (1, 2) AND "column_Q1" IN ('full', 'part')) END AS "s_0_yes",
      (CASE WHEN "state_Q1" = 3 THEN NULL ELSE ("state_Q1" = 1) END AND CASE WHEN "state_Q2" = 3 THEN NULL ELSE ("state_Q2" = 1) END) AS "b_1",
      CASE WHEN "state_Q2" = 3 THEN NULL ELSE ("state_Q2" IN (1, 2) AND "column_Q2" IN ('true')) END AS "s_1_yes"
    FROM (
      SELECT * FROM "responses_rows"
    ) AS layer_1
  ) AS layer_2
) AS layer_3;

CREATE OR REPLACE TEMP VIEW "responses_units_latest" AS
SELECT * FROM (
  SELECT *, row_number() OVER (PARTITION BY unit ORDER BY coalesce(submitted, CAST('-9000000000000000000' AS bigint)) DESC, place DESC) AS recency
  FROM "responses_judged" WHERE problem IS NULL
) AS ranked WHERE recency = 1;

-- check of the population: units of which an unreadable answer leaves open whether they belong to it
DO $check$ DECLARE text_of_failure text; BEGIN
SELECT concat('an unreadable answer leaves open whether ', unit, ' of register parties belongs to the population (units so in all: ', units, '): correct the values that `pipeline check` lists, or the `where` of the population') INTO text_of_failure
FROM (
  SELECT min(unit) AS unit, count(*) AS units FROM "population" WHERE is_open
) AS found WHERE units > 0 LIMIT 1; IF text_of_failure IS NOT NULL THEN RAISE EXCEPTION USING MESSAGE = text_of_failure; END IF; END
$check$;

-- check of parties: too many rejected rows
DO $check$ DECLARE text_of_failure text; BEGIN
SELECT concat(rejected, ' of ', records, CASE WHEN rejected > CAST('0.010000000000010001' AS double precision) * records THEN ' rows of table parties were rejected, more than max-rejected 1%' WHEN counted = 0 THEN ' rows of table parties were rejected, and none of the others counts' END, ': `pipeline check` lists them') INTO text_of_failure
FROM (
  SELECT count(CASE WHEN problem IS NULL THEN 1 END) AS counted,
    count(CASE WHEN problem NOT IN (0) THEN 1 END) AS rejected,
    count(CASE WHEN problem IS NULL OR problem <> 0 THEN 1 END) AS records
  FROM (
    SELECT problem FROM "parties_rows"
  ) AS records
) AS found WHERE rejected > CAST('0.010000000000010001' AS double precision) * records LIMIT 1; IF text_of_failure IS NOT NULL THEN RAISE EXCEPTION USING MESSAGE = text_of_failure; END IF; END
$check$;

-- check of parties: columns with too many answers that cannot be read
DO $check$ DECLARE text_of_failure text; BEGIN
SELECT concat(CASE WHEN refused_0 > CAST('0.010000000000010001' AS double precision) * given_0 THEN concat(refused_0, ' of ', given_0, ' answers in column is_party') END, ' of table parties cannot be read, more than max-rejected 1%: `pipeline check` says which') INTO text_of_failure
FROM (
  SELECT count(CASE WHEN "state_is_party" <> 0 THEN 1 END) AS given_0,
    count(CASE WHEN "refused_is_party" THEN 1 END) AS refused_0
  FROM "parties_rows" WHERE problem IS NULL
) AS found WHERE (refused_0 > CAST('0.010000000000010001' AS double precision) * given_0) LIMIT 1; IF text_of_failure IS NOT NULL THEN RAISE EXCEPTION USING MESSAGE = text_of_failure; END IF; END
$check$;

-- check of parties: units that stand there twice
DO $check$ DECLARE text_of_failure text; BEGIN
SELECT concat(keys, ' units of table parties have several rows, among them "', unit, '": `pipeline check` lists them, and a query knows no first row that could stay') INTO text_of_failure
FROM (
  SELECT min(unit) AS unit, count(*) AS keys FROM (
    SELECT unit FROM "parties_rows" WHERE problem IS NULL GROUP BY unit HAVING count(*) > 1
  ) AS repeated
) AS found WHERE keys > 0 LIMIT 1; IF text_of_failure IS NOT NULL THEN RAISE EXCEPTION USING MESSAGE = text_of_failure; END IF; END
$check$;

-- check of responses: too many rejected rows
DO $check$ DECLARE text_of_failure text; BEGIN
SELECT concat(rejected, ' of ', records, CASE WHEN rejected > CAST('0.010000000000010001' AS double precision) * records THEN ' rows of table responses were rejected, more than max-rejected 1%' WHEN counted = 0 THEN ' rows of table responses were rejected, and none of the others counts' END, ': `pipeline check` lists them') INTO text_of_failure
FROM (
  SELECT count(CASE WHEN problem IS NULL THEN 1 END) AS counted,
    count(CASE WHEN problem NOT IN (0, 10) THEN 1 END) AS rejected,
    count(CASE WHEN problem IS NULL OR problem <> 0 THEN 1 END) AS records
  FROM (
    SELECT problem FROM "responses_rows"
  ) AS records
) AS found WHERE rejected > CAST('0.010000000000010001' AS double precision) * records OR counted = 0 LIMIT 1; IF text_of_failure IS NOT NULL THEN RAISE EXCEPTION USING MESSAGE = text_of_failure; END IF; END
$check$;

-- check of responses: columns with too many answers that cannot be read
DO $check$ DECLARE text_of_failure text; BEGIN
SELECT concat(CASE WHEN refused_0 > CAST('0.010000000000010001' AS double precision) * given_0 THEN concat(refused_0, ' of ', given_0, ' answers in column submitted') WHEN refused_1 > CAST('0.010000000000010001' AS double precision) * given_1 THEN concat(refused_1, ' of ', given_1, ' answers in column Q1') WHEN refused_2 > CAST('0.010000000000010001' AS double precision) * given_2 THEN concat(refused_2, ' of ', given_2, ' answers in column Q2') END, ' of table responses cannot be read, more than max-rejected 1%: `pipeline check` says which') INTO text_of_failure
FROM (
  SELECT count(CASE WHEN "state_submitted" <> 0 THEN 1 END) AS given_0,
    count(CASE WHEN "refused_submitted" THEN 1 END) AS refused_0,
    count(CASE WHEN "state_Q1" <> 0 THEN 1 END) AS given_1,
    count(CASE WHEN "refused_Q1" THEN 1 END) AS refused_1,
    count(CASE WHEN "state_Q2" <> 0 THEN 1 END) AS given_2,
    count(CASE WHEN "refused_Q2" THEN 1 END) AS refused_2
  FROM "responses_rows" WHERE problem IS NULL
) AS found WHERE (refused_0 > CAST('0.010000000000010001' AS double precision) * given_0) OR (refused_1 > CAST('0.010000000000010001' AS double precision) * given_1) OR (refused_2 > CAST('0.010000000000010001' AS double precision) * given_2) LIMIT 1; IF text_of_failure IS NOT NULL THEN RAISE EXCEPTION USING MESSAGE = text_of_failure; END IF; END
$check$;

-- check of responses: respondents that stand there twice
DO $check$ DECLARE text_of_failure text; BEGIN
SELECT concat(keys, ' respondents of table responses have several rows, among them "', respondent, '": `pipeline check` lists them, and a query knows no first row that could stay') INTO text_of_failure
FROM (
  SELECT min(respondent) AS respondent, count(*) AS keys FROM (
    SELECT respondent FROM "responses_rows" WHERE problem IS NULL GROUP BY respondent HAVING count(*) > 1
  ) AS repeated
) AS found WHERE keys > 0 LIMIT 1; IF text_of_failure IS NOT NULL THEN RAISE EXCEPTION USING MESSAGE = text_of_failure; END IF; END
$check$;

-- check of parties, roll-up none: members that are called as the total
DO $check$ DECLARE text_of_failure text; BEGIN
SELECT concat('dimension ', CASE WHEN total_0 > 0 THEN 'region' END, ' has the value "_T" in table parties, which stands for the total: leave rows of totals out of the data') INTO text_of_failure
FROM (
  SELECT count(CASE WHEN member_0 = '_T' THEN 1 END) AS total_0 FROM "parties_judged" WHERE problem IS NULL
) AS found WHERE (total_0 > 0) LIMIT 1; IF text_of_failure IS NOT NULL THEN RAISE EXCEPTION USING MESSAGE = text_of_failure; END IF; END
$check$;

-- check of responses: units of which the latest row cannot be told
DO $check$ DECLARE text_of_failure text; BEGIN
SELECT concat('unit ', unit, ' has several rows in table responses, and which is the latest cannot be told: "', value, '" is no date that can be read: correct it, or say by `date-format` how the table writes dates') INTO text_of_failure
FROM (
  SELECT unit, min(submitted_unreadable) AS value FROM "responses_judged" WHERE problem IS NULL
  GROUP BY unit HAVING count(*) > 1 AND count(submitted_unreadable) > 0 ORDER BY unit LIMIT 1
) AS found WHERE unit IS NOT NULL LIMIT 1; IF text_of_failure IS NOT NULL THEN RAISE EXCEPTION USING MESSAGE = text_of_failure; END IF; END
$check$;

-- check of responses, roll-up latest: members that are called as the total
DO $check$ DECLARE text_of_failure text; BEGIN
SELECT concat('dimension ', CASE WHEN total_0 > 0 THEN 'region' WHEN total_1 > 0 THEN 'sector' END, ' has the value "_T" in table responses, which stands for the total: leave rows of totals out of the data') INTO text_of_failure
FROM (
  SELECT count(CASE WHEN member_0 = '_T' THEN 1 END) AS total_0, count(CASE WHEN member_1 = '_T' THEN 1 END) AS total_1 FROM "responses_units_latest" WHERE problem IS NULL
) AS found WHERE (total_0 > 0) OR (total_1 > 0) LIMIT 1; IF text_of_failure IS NOT NULL THEN RAISE EXCEPTION USING MESSAGE = text_of_failure; END IF; END
$check$;

-- parties: how many rows count, by what is wrong with the others
SELECT problem, CASE WHEN problem IS NULL THEN NULL ELSE file END AS file, count(*) AS records,
  sum(CASE WHEN problem IS NULL THEN CASE WHEN "refused_is_party" THEN 1 ELSE 0 END ELSE 0 END) AS refused
FROM "parties_rows" GROUP BY 1, 2;

-- responses: how many rows count, by what is wrong with the others
SELECT problem, CASE WHEN problem IS NULL THEN NULL ELSE file END AS file, count(*) AS records,
  sum(CASE WHEN problem IS NULL THEN CASE WHEN "refused_submitted" THEN 1 ELSE 0 END + CASE WHEN "refused_Q1" THEN 1 ELSE 0 END + CASE WHEN "refused_Q2" THEN 1 ELSE 0 END ELSE 0 END) AS refused
FROM "responses_rows" GROUP BY 1, 2;

-- parties, roll-up none: the sums of
--   2: C Parties
SELECT problem,
  CASE WHEN problem IS NULL THEN NULL ELSE file END AS file,
  sum(CASE WHEN problem IS NULL THEN answers_refused ELSE 0 END) AS refused,
  count(*) AS records,
  sum(1) AS weighing,
  CASE WHEN problem IS NULL THEN CAST(NULL AS text) END AS psu_key,
  CASE WHEN problem IS NULL THEN CAST(NULL AS text) END AS psu_id,
  CASE WHEN problem IS NULL THEN member_0 END AS m_0,
  sum(d_2) AS n_2,
  sum(y_2) AS n_yes_2,
  sum(u_2) AS unreadable_2
FROM "parties_judged" GROUP BY 1, 2, 6, 7, 8;

-- responses, roll-up latest: the sums of
--   0: A Measures in place
--   1: B Staff where measures
SELECT problem,
  CASE WHEN problem IS NULL THEN NULL ELSE '' END AS file,
  0 AS refused,
  count(*) AS records,
  sum(1) AS weighing,
  stratum_0 AS s_0,
  psu AS psu_key,
  psu AS psu_id,
  member_0 AS m_0,
  member_1 AS m_1,
  sum(d_0) AS n_0,
  sum(y_0) AS n_yes_0,
  sum(u_0) AS unreadable_0,
  sum(k_0) AS known_0,
  sum(d_1) AS n_1,
  sum(y_1) AS n_yes_1,
  sum(u_1) AS unreadable_1,
  sum(k_1) AS known_1
FROM "responses_units_latest" GROUP BY 1, 2, 6, 7, 8, 9, 10;

COMMIT;
