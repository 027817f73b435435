from engine import *
from test_loops import *
def test_x(engine):
    template = engine.publish(
        loop("each", "send", "after", over=[1, 2, 3, 4, 5], max_concurrency=2),
        act("send", config={"n": "{{loop.item}}"}),
        {"id": "after", "type": "set", "values": {"r": "{{steps.each.results}}"}},
    )
    i = engine.start(template)
    print(engine.status(i)["error"])
    assert 0
