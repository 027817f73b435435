"""What rules have to bring about in the second act: told from the stories, without the engine."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

from demo.jobs import Advert, Campaign, Company
from demo.mentions import CRISIS, NEGATIVE, Mention, firings

# mentions say where they were made, campaigns where they were bought
SELLERS = {"instagram": "meta", "facebook": "meta"}

Alarm = tuple[Mention, tuple[Decimal, ...]]


def crises(company: Company) -> Iterator[Alarm]:
    """Each mention that has to be answered as a crisis, as often as it becomes one."""
    for mention in company.mentions:
        for values in firings(mention, CRISIS):
            yield mention, values


def complaints(company: Company) -> Iterator[Alarm]:
    """Each mention that turns negative, as often as it does."""
    for mention in company.mentions:
        for values in firings(mention, NEGATIVE):
            yield mention, values


def overspendings(company: Company) -> Iterator[tuple[Campaign, Decimal]]:
    """Each time that a campaign has spent its budget, and what it had spent then."""
    for campaign in company.campaigns:
        for before, now in pairwise(campaign.totals):
            if before < campaign.budget <= now:
                yield campaign, now


def runs(company: Company) -> Counter[str]:
    """How often each rule has to fire, by the name of its file."""
    return Counter(
        crisis=len(list(crises(company))),
        negative_mention=len(list(complaints(company))),
        campaign_report=len(company.completed),
        budget_spent=len(list(overspendings(company))),
        weekly_report=1,
    )


def related(company: Company) -> set[str]:
    """The campaigns that some crisis is about: on its platform, naming its keyword."""
    return {
        advert.campaign_id
        for mention, _ in crises(company)
        for advert in company.adverts
        if advert.platform == SELLERS.get(mention.platform, mention.platform)
        and names(advert, company.keywords[mention.keyword][1])
    }


def names(advert: Advert, keyword: str) -> bool:
    """Whether a campaign has a keyword among its words, with or without blanks."""
    wanted = "".join(words_of(keyword))
    return any(
        "".join(words[first:last]) == wanted
        for words in map(words_of, advert.texts)
        for first in range(len(words))
        for last in range(first + 1, len(words) + 1)
    )


def words_of(text: str) -> list[str]:
    """The words of a text in lower case."""
    return re.findall(r"\w+", text.lower())


def alert(
    company: Company,
    mention: Mention,
    values: tuple[Decimal, ...],
    assignees: dict[str, str],
) -> str:
    """What Slack must say about a crisis; who answers is up to the engine, and must be there."""
    score, rate = values
    return (
        f"Crisis on {mention.platform}: {mention.author} ({mention.followers} followers, "
        f'engagement {rate} %, sentiment {score}): "{company.content(mention)}" '
        f"{mention.post_url} ({assignees.get(mention.mention_id)} answers)"
    )


def subjects(company: Company) -> Iterator[tuple[str, str]]:
    """Each run that there has to be: the rule, and what it is about."""
    for mention, _ in crises(company):
        yield "crisis", mention.mention_id
    for mention, _ in complaints(company):
        yield "negative_mention", mention.mention_id
    for campaign_id in company.completed:
        yield "campaign_report", campaign_id
    for campaign, _ in overspendings(company):
        yield "budget_spent", campaign.campaign_id
    yield "weekly_report", "week"


def notifications(company: Company) -> Iterator[tuple[str, str]]:
    """Title and message of everything that a marketing manager must find in the inbox."""
    for mention, (score,) in complaints(company):
        yield (
            f"Negative mention by {mention.author}",
            f"On {mention.platform}, sentiment {score}: {company.content(mention)}",
        )
    for campaign, total in overspendings(company):
        yield (
            f"Budget spent: {campaign.name}",
            f"{campaign.currency} {total:,.2f} of {campaign.budget:,.2f}; the campaign is paused.",
        )


def report(campaign: dict[str, Any]) -> Iterator[str]:
    """Some lines of the report about a campaign with an influencer."""
    cost = campaign["influencer_payment"]
    roi = 100 * (campaign["conversion_value"] - cost) / cost
    roi = roi.quantize(Decimal("0.01"), ROUND_HALF_UP)
    yield f"Posts: {campaign['posts_delivered']} of {campaign['required_posts']} delivered"
    yield f"Reach: {campaign['total_reach']:,}"
    yield f"Clicks: {campaign['clicks']:,}"
    yield f"ROI: {trim(f'{roi:,}')} %"


def trim(number: str) -> str:
    """A decimal number without the zeros at its end."""
    return re.sub(r"\.?0+$", "", number)
